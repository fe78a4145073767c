package io.weir.benchmarks.load;

import io.weir.benchmarks.child.Line;
import io.weir.benchmarks.run.Conversation;
import io.weir.benchmarks.run.PeerFailure;
import io.weir.benchmarks.run.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A {@link LoadServer} in a process of its own. */
final class ServerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Conversation conversation = new Conversation();
    private final Side side;
    private final String address;

    private ServerProcess(String heap, List<String> arguments) throws IOException, PeerFailure, InterruptedException {
        List<String> command = JavaCommand.of(LoadServer.class, List.of("-Xms" + heap, "-Xmx" + heap), arguments);
        Path log = Files.createTempFile("weir-load-", ".log");
        side = Side.start("server " + String.join(" ", arguments), command, log, conversation::hear);
        boolean ready = false;
        try {
            address = heard(Line.READY).field("address");
            ready = true;
        } finally {
            if (!ready) {
                side.close();
            }
        }
    }

    /** Started, with these arguments of {@link LoadServer}. */
    static ServerProcess start(String... arguments) throws IOException, PeerFailure, InterruptedException {
        return withHeap("1g", arguments);
    }

    /** The same with a heap of that size, as -Xmx has it. */
    static ServerProcess withHeap(String heap, String... arguments)
            throws IOException, PeerFailure, InterruptedException {
        return new ServerProcess(heap, List.of(arguments));
    }

    /** Where it listens. */
    String address() {
        return address;
    }

    /** What it has counted until now. */
    Map<String, String> sample() throws PeerFailure, InterruptedException {
        return asked(LoadServer.SAMPLE);
    }

    /** The same behind a collection, with its heap. */
    Map<String, String> heap() throws PeerFailure, InterruptedException {
        return asked(LoadServer.HEAP);
    }

    private Map<String, String> asked(String command) throws PeerFailure, InterruptedException {
        side.tell(command);
        return heard(Line.SAMPLE).fields();
    }

    private Line heard(String word) throws PeerFailure, InterruptedException {
        return Objects.requireNonNull(
                conversation.await(List.of(side), word, PATIENCE).get(side));
    }

    @Override
    public void close() {
        side.close();
    }
}
