package io.weir.benchmarks.load;

import io.weir.benchmarks.child.Commands;
import io.weir.benchmarks.child.Line;
import io.weir.benchmarks.child.SharedProcess;
import io.weir.benchmarks.measure.Sample;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.run.Conversation;
import io.weir.benchmarks.run.PeerFailure;
import io.weir.benchmarks.run.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A server and a client process that some peers share; of each, whenever it is its turn, a window is measured. */
final class SharedPair implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long a peer is busy before its window begins: the one before it runs dry meanwhile. */
    private static final Duration RAMP = Duration.ofMillis(250);

    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");

    private final Conversation conversation = new Conversation();
    private final List<Side> sides = new ArrayList<>();

    private SharedPair() {}

    /** Started and connected, idle. */
    static SharedPair start(Workload workload, List<String> peers)
            throws IOException, PeerFailure, InterruptedException {
        SharedPair pair = new SharedPair();
        boolean started = false;
        try {
            String all = String.join(SharedProcess.SEPARATOR, peers);
            String addresses = pair.ready("server", workload.id(), all).field("address");
            pair.ready("client", workload.id(), all, addresses);
            started = true;
            return pair;
        } finally {
            if (!started) {
                pair.close();
            }
        }
    }

    private Line ready(String... arguments) throws IOException, PeerFailure, InterruptedException {
        Side side = Side.start(
                String.join(" ", arguments),
                JavaCommand.of(SharedProcess.class, HEAP, List.of(arguments)),
                Files.createTempFile("weir-load-", ".log"),
                conversation::hear);
        sides.add(side);
        return Objects.requireNonNull(
                conversation.await(List.of(side), Line.READY, PATIENCE).get(side));
    }

    /** Lets that one of the peers be busy for so long, however little comes of it; blocks. */
    void warmUp(int peer, Duration time) throws PeerFailure, InterruptedException {
        tell(peer, Commands.RESUME);
        conversation.pass(RAMP.plus(time));
        tell(peer, Commands.PAUSE);
    }

    /** Measures that one of the peers while it is busy, and no other; blocks. */
    Window window(int peer, Duration time) throws PeerFailure, InterruptedException {
        tell(peer, Commands.RESUME);
        conversation.pass(RAMP);
        List<Sample> before = samples(peer);
        conversation.pass(time);
        List<Sample> after = samples(peer);
        tell(peer, Commands.PAUSE);
        return Window.between(before.get(0), after.get(0), before.get(1), after.get(1));
    }

    private List<Sample> samples(int peer) throws PeerFailure, InterruptedException {
        sides.forEach(side -> side.tell(SharedProcess.command(peer, Commands.SAMPLE)));
        Map<Side, Line> answers = conversation.await(sides, Line.SAMPLE, PATIENCE);
        return sides.stream()
                .map(side -> Sample.ofFields(
                        Objects.requireNonNull(answers.get(side)).fields()))
                .toList();
    }

    private void tell(int peer, String command) throws PeerFailure, InterruptedException {
        Side client = sides.get(1);
        client.tell(SharedProcess.command(peer, command));
        conversation.await(List.of(client), Line.DONE, PATIENCE);
    }

    @Override
    public void close() {
        for (int i = sides.size() - 1; i >= 0; i--) { // the client first, so that no server loses a connection
            sides.get(i).close();
        }
    }
}
