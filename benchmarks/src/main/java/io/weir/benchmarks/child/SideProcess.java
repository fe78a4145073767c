package io.weir.benchmarks.child;

import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a benchmark process: one side of one peer.
 *
 * <pre>
 * server PEER WORKLOAD LIFETIME_SECONDS
 * client PEER WORKLOAD LIFETIME_SECONDS ADDRESS {@link #PAUSED}|{@link #RUNNING}
 * relay PEER WORKLOAD LIFETIME_SECONDS ADDRESS
 * </pre>
 *
 * It says {@code ready} on standard output (see {@link Line}) and then obeys {@link Commands} on standard input. It ends
 * at the end of its input, so that it never outlives the harness, and in any case after its lifetime. Diagnostics go to
 * standard error.
 */
public final class SideProcess {
    /** A client that connects and asks for nothing until it is told to resume. */
    public static final String PAUSED = "paused";

    /**
     * A client that asks as soon as it is connected, and keeps a series of how much has arrived, from just before it
     * begins to connect.
     */
    public static final String RUNNING = "running";

    private static final int LIFETIME_OVER = 3;

    private SideProcess() {}

    /** Runs one side until it is told to stop. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        try {
            endAfter(Integer.parseInt(args[3]));
            Workload workload = Workloads.byId(args[2]);
            Commands commands = switch (args[0]) {
                case "server" -> serve(out, Peers.byId(args[1]), workload);
                case "relay" -> relay(out, workload, args[4]);
                default -> connect(out, Peers.byId(args[1]), workload, args[4], args[5].equals(RUNNING));
            };
            commands.obey(System.in);
            System.exit(0);
        } catch (Throwable e) {
            e.printStackTrace();
            say(out, Line.of(Line.FAILED, "reason", String.valueOf(e)));
            System.exit(1);
        }
    }

    private static Commands serve(PrintStream out, Peer peer, Workload workload) {
        say(out, Line.of(Line.READY, "address", serverOf(peer, workload).address()));
        return idle(out);
    }

    /** The side that sends or answers, started. */
    static Peer.Server serverOf(Peer peer, Workload workload) {
        return workload instanceof RequestWorkload requests
                ? RequestPeer.of(peer).answer(requests)
                : peer.serve((StreamWorkload) workload);
    }

    private static Commands relay(PrintStream out, Workload workload, String address) {
        Relay relay = Relay.startNow(address, workload.link().orElseThrow());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.err.println(relay.counts())));
        say(out, Line.of(Line.READY, "address", relay.address()));
        return idle(out);
    }

    /** What a side obeys that asks for nothing itself. */
    static Commands idle(PrintStream out) {
        return new Commands(line -> say(out, line), ProcessMeter.counting(List.of()), Gate.opened(), Optional.empty());
    }

    private static Commands connect(PrintStream out, Peer peer, Workload workload, String address, boolean running) {
        peer.prepare();
        ClientSide side = ClientSide.of(
                workload, running ? Gate.opened() : Gate.closed(), (what, reason) -> fail(out, what, reason));
        Optional<CountSampler> sampler =
                running ? Optional.of(CountSampler.start(side.meter()::elements)) : Optional.empty();
        Peer.Client client = side.connect().connect(peer, address);
        say(out, Line.of(Line.READY, "detail", client.detail()));
        return new Commands(line -> say(out, line), side.meter(), side.gate(), sampler);
    }

    /** Says that the side cannot go on. */
    static void fail(PrintStream out, String what, Throwable reason) {
        reason.printStackTrace();
        say(out, Line.of(Line.FAILED, "reason", what + ": " + reason));
    }

    private static void endAfter(int seconds) {
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS, Runnable::run)
                .execute(() -> {
                    System.err.println("lifetime of " + seconds + " s is over");
                    Runtime.getRuntime().halt(LIFETIME_OVER);
                });
    }

    /** Says it, whole, from any thread. */
    static void say(PrintStream out, Line line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}
