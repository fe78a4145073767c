package io.weir.samples.gateway;

import io.weir.samples.publisher.Publisher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A publisher in a process of its own, which the test ends and starts again at the same address. */
final class PublisherProcess {

    private static final int PATIENCE_SECONDS = 60;

    private final Path key;
    private String address;
    private Process process;

    PublisherProcess(Path key) throws IOException {
        this.key = key;
        start(0);
    }

    /** With its id. */
    String address() {
        return address;
    }

    /** What its quotes name as their source. */
    String source() {
        return "process " + process.pid();
    }

    void startAgain() throws IOException {
        start(Integer.parseInt(address.replaceAll(".*:(\\d+)#.*", "$1")));
    }

    /** SIGTERM, and waits for the end. */
    void terminate() throws InterruptedException {
        process.destroy();
        awaitEnd();
    }

    /** SIGKILL, and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " does not end");
        }
    }

    private void start(int port) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Stream.of(System.getProperty("weir.jvmArgs", "").split(" "))
                .filter(option -> !option.isBlank())
                .toList());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Publisher.class.getName(),
                "--weir.identity.location=" + key,
                "--weir.listen=tcp://127.0.0.1:" + port,
                "--logging.level.root=warn"));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        address = Stream.generate(() -> line(output))
                .filter(line -> line.startsWith("tcp://"))
                .findFirst()
                .orElseThrow();
    }

    private static String line(BufferedReader output) {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("the publisher ended before it told its address");
            }
            return line;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
