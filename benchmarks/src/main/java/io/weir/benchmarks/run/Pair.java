package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Commands;
import io.weir.benchmarks.child.Line;
import io.weir.benchmarks.child.Peers;
import io.weir.benchmarks.child.SideProcess;
import io.weir.benchmarks.measure.CountSeries;
import io.weir.benchmarks.measure.Sample;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server and a client process of one candidate under one workload, connected. The client asks between {@link #resume}
 * and {@link #pause}; otherwise both are idle. Where the workload says that something lies between the two, it is a third process,
 * which no figure is of.
 */
final class Pair implements AutoCloseable {
    private static final Duration SETUP = Duration.ofSeconds(45);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration DUMP = Duration.ofSeconds(60);
    private static final String[] RELAY_HEAP = {"-Xms256m", "-Xmx256m"};

    private final Conversation conversation = new Conversation();
    private final List<Side> sides = new ArrayList<>();
    private String detail = "";
    private @Nullable Side relay;

    /**
     * Both sides at about the same moment.
     *
     * @param server the sending or answering one
     * @param client the receiving or requesting one
     */
    record Samples(Sample server, Sample client) {
        /** The window from these samples to later ones. */
        Window to(Samples later) {
            return Window.between(server, later.server, client, later.client);
        }
    }

    private Pair() {}

    /**
     * Starts the processes, one after the other, and connects them.
     *
     * @param name of the pair, for its logs
     * @param mode {@link SideProcess#PAUSED} or {@link SideProcess#RUNNING}
     * @param lifetime after which the processes end by themselves
     */
    static Pair start(
            Settings settings, Workload workload, Candidate candidate, String name, String mode, Duration lifetime)
            throws PeerFailure, IOException, InterruptedException {
        Pair pair = new Pair();
        boolean started = false;
        try {
            List<String> options = new ArrayList<>(List.of(settings.jdk().java()));
            options.addAll(settings.jvmOptions());
            options.addAll(Peers.byId(candidate.peer()).jvmOptions());
            options.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
            String[] main = {"-cp", candidate.classPath(), SideProcess.class.getName()};
            List<String> java = with(options, main);
            List<String> what = List.of(candidate.peer(), workload.id(), Long.toString(lifetime.toSeconds()));
            Path log = settings.logs().resolve(name);
            String address = pair.ready(pair.add("server", java, what, log)).field("address");
            if (workload.link().isPresent()) {
                Side relay = pair.open("relay", with(with(options, RELAY_HEAP), main), with(what, address), log);
                pair.relay = relay;
                address = pair.ready(relay).field("address");
            }
            pair.detail = pair.ready(pair.add("client", java, with(what, address, mode), log))
                    .field("detail");
            started = true;
            return pair;
        } finally {
            if (!started) {
                pair.close();
            }
        }
    }

    /** What the peer negotiated, may be empty. */
    String detail() {
        return detail;
    }

    /** The sending or answering process. */
    Side server() {
        return sides.get(0);
    }

    /** The receiving or requesting process. */
    Side client() {
        return sides.get(1);
    }

    /** CPU time of both processes so far, as the kernel counts it. */
    Duration cpu() {
        return server().cpu().plus(client().cpu());
    }

    /** Lets the client ask. */
    void resume() throws PeerFailure, InterruptedException {
        tell(client(), Commands.RESUME);
    }

    /** Lets the client ask no more. */
    void pause() throws PeerFailure, InterruptedException {
        tell(client(), Commands.PAUSE);
    }

    /** Lets time pass, unless a side fails. */
    void pass(Duration time) throws PeerFailure, InterruptedException {
        conversation.pass(time);
    }

    /** The totals of both sides now. */
    Samples sample() throws PeerFailure, InterruptedException {
        sides.forEach(side -> side.tell(Commands.SAMPLE));
        Map<Side, Line> answers = conversation.await(sides, Line.SAMPLE, ANSWER);
        return new Samples(sampleOf(answers, server()), sampleOf(answers, client()));
    }

    /** The window between two samples; a failure of the client if it measures nothing. */
    Window window(Samples before, Samples after) throws PeerFailure {
        try {
            return before.to(after);
        } catch (IllegalStateException e) {
            throw client().failure(String.valueOf(e.getMessage()));
        }
    }

    /** What has arrived when, of a client that began running. */
    CountSeries series() throws PeerFailure, InterruptedException {
        client().tell(Commands.SERIES);
        Line answer = Objects.requireNonNull(
                conversation.await(List.of(client()), Line.SERIES, ANSWER).get(client()));
        return CountSeries.decode(answer.field("points"));
    }

    /** Starts a flight recording of each side. */
    void record() throws PeerFailure, InterruptedException {
        sides.forEach(side -> side.tell(Commands.RECORD));
        conversation.await(sides, Line.DONE, ANSWER);
    }

    /** Ends the recordings and writes them. */
    void dump(Path server, Path client) throws PeerFailure, InterruptedException {
        server().tell(Commands.DUMP + server);
        client().tell(Commands.DUMP + client);
        conversation.await(sides, Line.DONE, DUMP);
    }

    @Override
    public void close() {
        // The client first, so that a server does not log a lost connection.
        for (int i = sides.size() - 1; i >= 0; i--) {
            sides.get(i).close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    private Side add(String role, List<String> java, List<String> arguments, Path log) throws IOException {
        Side side = open(role, java, arguments, log);
        sides.add(side);
        return side;
    }

    private Side open(String role, List<String> java, List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(java);
        command.add(role);
        command.addAll(arguments);
        String name = log.getFileName() + "-" + role;
        return Side.start(name, command, log.resolveSibling(name + ".log"), conversation::hear);
    }

    private Line ready(Side side) throws PeerFailure, InterruptedException {
        return Objects.requireNonNull(
                conversation.await(List.of(side), Line.READY, SETUP).get(side));
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    private void tell(Side side, String command) throws PeerFailure, InterruptedException {
        side.tell(command);
        conversation.await(List.of(side), Line.DONE, ANSWER);
    }

    private static Sample sampleOf(Map<Side, Line> answers, Side side) {
        return Sample.ofFields(Objects.requireNonNull(answers.get(side)).fields());
    }
}
