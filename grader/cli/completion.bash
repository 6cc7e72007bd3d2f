# Add this to ~/.bashrc: in your clone, `grader` is then `python -m grader`, and Tab completes it.
command -v grader >/dev/null || grader() { @python@ -m grader "$@"; }
_grader_completion() {
    local kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _GRADER_COMPLETE=bash_complete @python@ -m grader 2>/dev/null)
}
complete -o nosort -F _grader_completion grader 2>/dev/null || complete -F _grader_completion grader # older than 4.4
