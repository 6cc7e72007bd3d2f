# Save this as ~/.config/fish/conf.d/grader.fish: in your clone, `grader` is then `python -m grader`, and Tab completes it.
if not type -q grader
    function grader
        @python@ -m grader $argv
    end
end
function _grader_completion
    set -l typed (commandline -cp)
    set -l word (commandline -t)
    set -l answer (env _GRADER_COMPLETE=fish_complete COMP_WORDS="$typed" COMP_CWORD="$word" @python@ -m grader 2>/dev/null)
    for one in $answer
        set -l parts (string split -m 1 "," $one)
        if test "$parts[1]" = dir
            __fish_complete_directories $parts[2]
        else if test "$parts[1]" = file
            __fish_complete_path $parts[2]
        else
            echo $parts[2]
        end
    end
end
complete --no-files --command grader --arguments "(_grader_completion)"
