package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about a command line that is wrong: in the words of whoever typed it. */
final class MistakesTest {

    private static final String ADDRESS = "tcp://127.0.0.1:1";

    @ParameterizedTest
    @CsvSource({"recieve, receive", "pign, ping", "snd, send", "recv, receive", "comp, completion", "version, --version"
    })
    void commandLikeTheOneTypedIsSuggested(String typed, String meant) throws Exception {
        assertSaid("there is no command '" + typed + "'; did you mean " + meant + "?", typed, "inbox");
    }

    @ParameterizedTest
    @CsvSource({"--forse, --force", "--alow, --allow", "--hlep, --help"})
    void optionLikeTheOneTypedIsSuggested(String typed, String meant) throws Exception {
        assertSaid("there is no option '" + typed + "'; did you mean " + meant + "?", "receive", "inbox", typed);
    }

    @ParameterizedTest
    @CsvSource({"qqq", "xyzzy"})
    void nothingIsSuggestedWhereNothingIsLikeIt(String typed) throws Exception {
        assertSaid("there is no command '" + typed + "'\n", typed);
    }

    /** What follows it is taken for an address; the mistake is the option all the same. */
    @Test
    void mistypedOptionIsSaidAndNotWhatItsValueIsTakenFor() throws Exception {
        assertSaid("there is no option '--cuont'; did you mean --count?\n", "ping", "--cuont", "3", ADDRESS);
    }

    @Test
    void argumentTooManyIsSaid() throws Exception {
        assertSaid("too many arguments: 'extra'\n", "receive", "inbox", "extra");
        assertSaid("too many arguments: 'b', 'c'\n", "id", "a", "b", "c");
    }

    @Test
    void argumentIsCalledByItsNameAndNotByItsPlace() throws Exception {
        assertSaid("ADDR: address 'x': the scheme is missing", "ping", "x");
        assertSaid("--count: 'x' is not a whole number\n", "ping", ADDRESS, "--count", "x");
        assertSaid("--allow: peer id has '.' at position 3", "receive", "inbox", "--allow", "me.key");
    }

    @Test
    void argumentsThatAreMissingAreCounted() throws Exception {
        assertSaid("FILE... ADDR: at least 2 are needed, there are none\n", "send");
        assertSaid("FILE... ADDR: at least 2 are needed, there is only 'film.mkv'\n", "send", "film.mkv");
        assertSaid("Missing required parameter: 'ADDR'\n", "ping");
    }

    @Test
    void oneOfSeveralIsAskedForWithoutCallingItAnErrorTwice() throws Exception {
        assertSaid("one of these is missing: ADDR | --listen=ADDR\n", "bench");
        assertSaid(
                "--accept=HOST:PORT, --connect=HOST:PORT are mutually exclusive",
                "forward",
                ADDRESS,
                "--accept",
                "127.0.0.1:0",
                "--connect",
                "127.0.0.1:1");
    }

    @Test
    void styleThatThereIsNotIsAnsweredByThoseThatThereAre() throws Exception {
        assertSaid("SHELL: there is no 'fish', but bash, zsh\n", "completion", "fish");
        assertSaid("--progress: there is no 'loud', but bar, plain, none\n", "ping", ADDRESS, "--progress", "loud");
    }

    @Test
    void rootThatIsNoneIsSaidAsItWasTyped() throws Exception {
        String legal = "must be 64 hexadecimal digits, or - where it is missing\n";
        assertSaid("--root is 'zz', " + legal, "vote", "udp://127.0.0.1:1", "--root", "zz");
        assertSaid("--root is 'abcd', " + legal, "vote", "udp://127.0.0.1:1", "--root", "abcd");
        assertSaid("--root is missing, must be given 1 to 64 times\n", "vote", "udp://127.0.0.1:1");
    }

    @Test
    void programWithItsArgumentsInOneWordIsToldWhereTheyGo() throws Exception {
        assertSaid(
                "there is no program 'sort -r'; arguments go behind it, --exec sort -- -r, or --shell reads them\n",
                "serve",
                "--exec",
                "sort -r");
    }

    @Test
    void nothingIsTheNameOfNoFile() throws Exception {
        assertSaid("FILE: '' names no file\n", "keygen", "");
        assertSaid("--identity: '' names no file\n", "ping", ADDRESS, "--identity", "");
    }

    @Test
    void helpIsACommandToo() throws Exception {
        assertThat(ToolRun.run("help").out().text())
                .isEqualTo(ToolRun.run("--help").out().text());
        assertThat(ToolRun.run("help", "send").out().text())
                .isEqualTo(ToolRun.run("send", "--help").out().text());
        assertSaid("there is no command 'sned'; did you mean send?\n", "help", "sned");
    }

    @Test
    void versionHasAShortName() throws Exception {
        assertThat(ToolRun.run("-V").out().text())
                .startsWith("weir ")
                .isEqualTo(ToolRun.run("--version").out().text());
    }

    private static void assertSaid(String what, String... args) throws Exception {
        ToolRun run = ToolRun.run(args);
        assertThat(run.exitCode()).as(run.err().text()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().text()).startsWith("weir: " + what).contains("\nSee weir ");
        assertThat(run.out().text()).isEmpty();
    }
}
