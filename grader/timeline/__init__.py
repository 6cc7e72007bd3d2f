"""What the threads or processes of an answer did in one check: chosen, and drawn as text, as SVG and as a trace."""
