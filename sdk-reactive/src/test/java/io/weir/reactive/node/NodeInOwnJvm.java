package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A node in a process of its own, which has as little of something as the test wants; ends with this. */
final class NodeInOwnJvm implements AutoCloseable {

    private static final String LISTENING = "LISTENING ";

    private final Process process;
    private final BufferedReader said;
    private final PeerAddress address;

    private NodeInOwnJvm(Process process) throws IOException {
        this.process = process;
        said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        address = PeerAddress.parse(awaitAddress());
    }

    /**
     * @param shell what a shell does first, such as setting a limit
     * @param main starts a node and {@link #serve}s
     * @param options of the JVM
     */
    static NodeInOwnJvm start(String shell, Class<?> main, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell + "; exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return new NodeInOwnJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** For the process itself: says where the node listens, and lets it until the process is ended. */
    static void serve(PeerNode node) throws IOException {
        System.out.println(LISTENING + node.addresses().get(0));
        System.in.read();
    }

    PeerAddress address() {
        return address;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private String awaitAddress() throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(LISTENING)) {
                return line.substring(LISTENING.length());
            }
        }
        throw new AssertionError("the node said nothing of its address");
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        said.close();
    }
}
