package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs scripts in network namespaces of their own, where these can be made. */
final class NetworkNamespace {

    private static final int PATIENCE_SECONDS = 120;

    private NetworkNamespace() {}

    /**
     * All that a script has said, or why it could not be run.
     *
     * @param folder it runs there, and what it says is kept there
     * @param main what a JVM runs that the script starts by {@code "$@"}, with arguments behind it
     */
    static String run(Path folder, String shell, String script, Class<?> main)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process;
        try {
            process = new ProcessBuilder(List.of(
                            "unshare",
                            "--map-root-user",
                            "--net",
                            shell,
                            "-c",
                            script,
                            shell,
                            java,
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            main.getName()))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
