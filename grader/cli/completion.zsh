# Add this to ~/.zshrc, after compinit: in your clone, `grader` is then `python -m grader`, and Tab completes it.
(( $+commands[grader] )) || grader() { @python@ -m grader "$@"; }
_grader_completion() {
    local -a answer plain described
    local kind key text
    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) _GRADER_COMPLETE=zsh_complete @python@ -m grader 2>/dev/null)}")
    for kind key text in ${answer}; do
        if [[ $kind == plain && $text == _ ]]; then
            plain+=("$key")
        elif [[ $kind == plain ]]; then
            described+=("$key:$text")
        elif [[ $kind == dir ]]; then
            _path_files -/
        elif [[ $kind == file ]]; then
            _path_files -f
        fi
    done
    [[ -n $described ]] && _describe -V unsorted described -U
    [[ -n $plain ]] && compadd -U -V unsorted -a plain
}
compdef _grader_completion grader
