package io.weir.samples.cli;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete the tool's commands and options. */
@Command(
        exitCodeList = {"0:it is printed", ExitCode.UNWRITTEN_TEXT, ExitCode.USAGE_TEXT},
        footer = {
            "  eval \"$(weir completion bash)\"                          in this shell",
            "  weir completion bash > ~/.local/share/bash-completion/completions/weir",
            "  echo 'eval \"$(weir completion zsh)\"' >> ~/.zshrc         after its compinit"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class CompletionCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    /** Which shell; both read the same script, which sees for itself where it runs. */
    enum Shell {
        BASH,
        ZSH
    }

    /** As they are typed. */
    static final class Shells extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Shells() {
            super(Words.of(Shell.values()));
        }
    }

    @Parameters(paramLabel = "SHELL", completionCandidates = Shells.class, description = "bash or zsh.")
    private Shell shell;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandSpec weir = spec.root();
        console.print(AutoComplete.bash(weir.name(), weir.commandLine()).stripTrailing());
        return ExitCode.OK;
    }
}
