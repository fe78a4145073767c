package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir serve} and {@code weir request}. */
final class ServeTest {

    private static final long SEED = 7;
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    private ToolRun serving;

    @AfterEach
    void breakOff() throws Exception {
        serving.interrupt();
        assertThat(serving.exitCode()).as(serving.err().text()).isZero();
    }

    @Test
    void replyIsTheCommandsOutput() throws Exception {
        serve("--exec", "cat");

        ToolRun request = request("exec", "hello");

        assertThat(request.exitCode()).as(request.err().text()).isZero();
        assertThat(request.out().text()).isEqualTo("hello");
        serving.err().await("answering exec; whoever reaches the address may connect");
    }

    @Test
    void programsGetTheAddressAsAnObject() throws Exception {
        serve("--exec", "cat", "--json");

        String line = serving.out().awaitLine(".*");

        assertThat(line)
                .matches(
                        "\\{\"address\":\"tcp://127.0.0.1:\\d+#.{43}\",\"addresses\":\\[.*],\"ticket\":\"weir1[\\w-]+\"}");
    }

    @Test
    void standardInputGoesThereAndBackWhole() throws Exception {
        serve("--exec", "cat");
        byte[] body = new byte[1_000_000];
        new SplittableRandom(SEED).nextBytes(body);

        ToolRun request = ToolRun.startWith(new ByteArrayInputStream(body), "request", serving.address(), "exec", "-");

        assertThat(request.exitCode()).as(request.err().text()).isZero();
        assertThat(request.out().bytes()).isEqualTo(body);
    }

    @Test
    void requestWithoutDataIsEmptyAndAnEmptyOutputIsAReply() throws Exception {
        serve("--exec", "cat");

        ToolRun request = request("exec");

        assertThat(request.exitCode()).as(request.err().text()).isZero();
        assertThat(request.out().bytes()).isEmpty();
    }

    @Test
    void noShellReadsTheArguments() throws Exception {
        serve("--exec", "printf", "--", "<%s>", "$HOME `id`; *", "-n");

        ToolRun request = request("exec");

        assertThat(request.out().text()).isEqualTo("<$HOME `id`; *><-n>");
    }

    @Test
    void shellRunsAScriptThatKnowsWhoAsksForWhat() throws Exception {
        Path key = directory.resolve("me.key");
        ToolRun.run("keygen", key.toString());
        serve("--route", "now", "--route", "then", "--shell", "--exec", "echo $WEIR_PEER $WEIR_ROUTE $1", "--", "one");

        ToolRun request = ToolRun.run("request", serving.address(), "then", "--identity", key.toString());

        assertThat(request.out().text()).isEqualTo(Identity.load(key).peerId() + " then one\n");
    }

    @Test
    void commandThatFailsIsAnApplicationError() throws Exception {
        serve("--shell", "--exec", "echo half an answer; exit 3");

        assertNoReply(request("exec"), "APPLICATION_ERROR");

        assertThat(serving.err().await("no output for request 1 of ")).endsWith("the command ended with status 3");
    }

    @Test
    void commandThatRunsTooLongIsKilled() throws Exception {
        serve("--time-limit", "5", "--shell", "--exec", "exec sleep 600");
        ToolRun request = ToolRun.start("request", serving.address(), "exec");
        ProcessHandle command = started("sleep");

        assertNoReply(request, "REQUEST_TIMEOUT");

        assertEnded(command);
        assertThat(serving.err().await("no output")).endsWith(": REQUEST_TIMEOUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "cat"})
    void commandThatWritesTooMuchIsKilled(String command) throws Exception {
        serve("--max-output", "10", "--exec", command);

        assertNoReply(request("exec", "12345678901"), "PAYLOAD_TOO_LARGE");

        assertThat(serving.err().await("no output")).endsWith(": PAYLOAD_TOO_LARGE");
        assertThat(ProcessHandle.current().descendants().map(ServeTest::program))
                .doesNotContain(command);
    }

    @Test
    void commandMayWriteAsMuchAsIsAllowed() throws Exception {
        serve("--max-output", "10", "--exec", "cat");

        assertThat(request("exec", "1234567890").out().text()).isEqualTo("1234567890");
    }

    @Test
    void whatACommandLeavesInTheBackgroundDelaysNothing() throws Exception {
        serve("--time-limit", "20", "--shell", "--exec", "sleep 25 & echo done");

        assertThat(request("exec").out().text()).isEqualTo("done\n");
    }

    @Test
    void requestThatIsBrokenOffKillsItsCommand() throws Exception {
        serve("--shell", "--exec", "sleep 600 & " + tellingItsNumber("wait"));
        ToolRun request = ToolRun.start("request", serving.address(), "exec");
        ProcessHandle command = startedCommand();

        request.interrupt();

        assertThat(request.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(request.err().text()).isEmpty();
        assertEnded(command);
        assertThat(serving.err().text()).doesNotContain("no output");
    }

    @Test
    void commandsEndWithTheServer() throws Exception {
        serve("--shell", "--exec", tellingItsNumber("exec sleep 600"));
        ToolRun request = ToolRun.start("request", serving.address(), "exec");
        ProcessHandle command = startedCommand();

        serving.interrupt();

        assertThat(request.exitCode()).isEqualTo(ExitCode.FAILED);
        assertEnded(command);
    }

    @Test
    void routeThatIsNotServedIsSaid() throws Exception {
        serve("--exec", "cat");

        assertNoReply(request("other", "hello"), "NO_HANDLER");
    }

    @Test
    void requestThatWaitsTooLongGivesUp() throws Exception {
        serve("--shell", "--exec", "exec sleep 600");
        ToolRun request = ToolRun.start("request", serving.address(), "exec", "--timeout", "5");
        ProcessHandle command = started("sleep");

        assertNoReply(request, "REQUEST_TIMEOUT");

        assertEnded(command);
    }

    @Test
    void whoIsNotAllowedIsNotAnswered() throws Exception {
        serve("--exec", "cat", "--allow", Identity.generate().peerId().toString());

        ToolRun request = request("exec", "hello");

        assertThat(request.exitCode()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(request.out().text()).isEmpty();
    }

    @Test
    void requestLargerThanTheWindowIsRefusedHere() throws Exception {
        serve("--exec", "cat");

        ToolRun request = ToolRun.startWith(
                new ByteArrayInputStream(new byte[2_000_000]), "request", serving.address(), "exec", "-");

        assertThat(request.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(request.err().text()).startsWith("weir: ").contains("PAYLOAD_TOO_LARGE");
    }

    private void serve(String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "serve";
        System.arraycopy(options, 0, args, 1, options.length);
        serving = ToolRun.start(args);
    }

    private ToolRun request(String... what) throws Exception {
        return ToolRun.run(Stream.concat(Stream.of("request", serving.address()), Arrays.stream(what))
                .toArray(String[]::new));
    }

    private static void assertNoReply(ToolRun request, String code) throws Exception {
        assertThat(request.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(request.err().text()).startsWith("weir: no reply: ").endsWith("(" + code + ")\n");
        assertThat(request.err().text().lines()).hasSize(1);
        assertThat(request.out().bytes()).isEmpty();
    }

    /** A script that first writes its process id into a pipe with a name, where {@link #startedCommand} waits for it. */
    private String tellingItsNumber(String script) throws Exception {
        Process made = new ProcessBuilder("mkfifo", pipe().toString()).start();
        assertThat(made.waitFor()).isZero();
        return "echo $$ > '" + pipe() + "'; " + script;
    }

    private ProcessHandle startedCommand() throws Exception {
        String number = Files.readString(pipe(), StandardCharsets.UTF_8).strip();
        return ProcessHandle.of(Long.parseLong(number)).orElseThrow();
    }

    private Path pipe() {
        return directory.resolve("number");
    }

    /** Of a command that may be killed before it has written to a pipe, whose reader would wait for ever. */
    private static ProcessHandle started(String program) {
        long since = System.nanoTime();
        while (System.nanoTime() - since < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            Optional<ProcessHandle> found = ProcessHandle.current()
                    .descendants()
                    .filter(process -> program(process).equals(program))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.yield();
        }
        throw new AssertionError(program + " was not started");
    }

    private static void assertEnded(ProcessHandle command) throws Exception {
        command.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(command.isAlive()).isFalse();
    }

    private static String program(ProcessHandle process) {
        String command = process.info().command().orElse("");
        return command.substring(command.lastIndexOf('/') + 1);
    }
}
