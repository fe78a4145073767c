package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Line;
import io.weir.benchmarks.child.SideProcess;
import io.weir.benchmarks.measure.Sample;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.result.CellResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One peer under one workload: starts a server and a client process, warms them up, measures windows and stops them.
 * Every wait is bounded, and every wait ends at once when a side fails.
 */
final class Cell implements AutoCloseable {
    private static final int SETUP_SECONDS = 45;
    private static final int ANSWER_SECONDS = 20;
    private static final int DUMP_SECONDS = 60;
    private static final int MAX_EVENTS = 1024;
    private static final int AFTERMATH_MILLIS = 500;

    private final Settings settings;
    private final Workload workload;
    private final String peer;
    private final BlockingQueue<Side.Event> events = new LinkedBlockingQueue<>(MAX_EVENTS);
    private final List<Side> sides = new ArrayList<>();

    /** Both sides at about the same moment. */
    private record Samples(Sample server, Sample client) {}

    private Cell(Settings settings, Workload workload, String peer) {
        this.settings = settings;
        this.workload = workload;
        this.peer = peer;
    }

    /** Runs a cell; what goes wrong with a peer becomes a failed result. */
    static CellResult run(Settings settings, Workload workload, String peer) throws InterruptedException {
        try (Cell cell = new Cell(settings, workload, peer)) {
            return cell.measure();
        } catch (PeerFailure | IOException e) {
            return CellResult.failed(workload.id(), peer, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** Where a side's flight recording is. */
    static Path recording(Settings settings, Workload workload, String peer, String role) {
        return settings.logs().resolve(workload.id() + "-" + peer + "-" + role + ".jfr");
    }

    @Override
    public void close() {
        // The client first, so that a server does not log a lost connection.
        for (int i = sides.size() - 1; i >= 0; i--) {
            sides.get(i).close();
        }
    }

    private CellResult measure() throws PeerFailure, IOException, InterruptedException {
        Side server = start("server");
        String address = answer(server, Line.READY, SETUP_SECONDS).field("address");
        Side client = start("client", address);
        String detail = answer(client, Line.READY, SETUP_SECONDS).field("detail");

        idle(settings.warmupSeconds());
        if (settings.isProfiling()) {
            ask("record", Line.DONE, ANSWER_SECONDS);
        }
        List<Window> windows = new ArrayList<>();
        Samples before = sample(server, client);
        for (int i = 0; i < settings.windows(); i++) {
            idle(settings.windowSeconds());
            Samples after = sample(server, client);
            windows.add(window(client, before, after));
            before = after;
        }
        if (settings.isProfiling()) {
            server.tell("dump " + recording(settings, workload, peer, "server"));
            client.tell("dump " + recording(settings, workload, peer, "client"));
            answers(Line.DONE, DUMP_SECONDS);
        }
        return CellResult.measured(workload.id(), peer, detail, windows);
    }

    private static Window window(Side client, Samples before, Samples after) throws PeerFailure {
        try {
            return Window.between(before.server(), after.server(), before.client(), after.client());
        } catch (IllegalStateException e) {
            throw failure(client, String.valueOf(e.getMessage()));
        }
    }

    private Side start(String role, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(settings.jdk().java());
        command.addAll(settings.jvmOptions());
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SideProcess.class.getName()));
        command.addAll(List.of(
                role, peer, workload.id(), Long.toString(settings.lifetime().toSeconds())));
        command.addAll(List.of(arguments));
        String name = workload.id() + "-" + peer + "-" + role;
        // A listener must not block on a full queue of a side gone wild: what does not fit is dropped.
        Side side = Side.start(name, command, settings.logs().resolve(name + ".log"), events::offer);
        sides.add(side);
        return side;
    }

    private Samples sample(Side server, Side client) throws PeerFailure, InterruptedException {
        Map<Side, Line> answers = ask("sample", Line.SAMPLE, ANSWER_SECONDS);
        return new Samples(sampleOf(answers, server), sampleOf(answers, client));
    }

    private static Sample sampleOf(Map<Side, Line> answers, Side side) {
        return Sample.ofFields(Objects.requireNonNull(answers.get(side)).fields());
    }

    private Map<Side, Line> ask(String command, String word, int seconds) throws PeerFailure, InterruptedException {
        sides.forEach(side -> side.tell(command));
        return answers(word, seconds);
    }

    /** One line with that word from each side. */
    private Map<Side, Line> answers(String word, int seconds) throws PeerFailure, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Map<Side, Line> answers = new HashMap<>();
        while (answers.size() < sides.size()) {
            Side.Event event = next(deadline);
            if (event == null) {
                Side silent = sides.stream()
                        .filter(side -> !answers.containsKey(side))
                        .findFirst()
                        .orElseThrow();
                throw failure(silent, "did not say '" + word + "' within " + seconds + " s");
            }
            if (event.line() != null && event.line().word().equals(word)) {
                answers.put(event.side(), event.line());
            }
        }
        return answers;
    }

    private Line answer(Side side, String word, int seconds) throws PeerFailure, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (Side.Event event = next(deadline); event != null; event = next(deadline)) {
            if (event.side() == side
                    && event.line() != null
                    && event.line().word().equals(word)) {
                return event.line();
            }
        }
        throw failure(side, "did not say '" + word + "' within " + seconds + " s");
    }

    private void idle(int seconds) throws PeerFailure, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (next(deadline) != null) {
            // Only a failure ends the wait early, and that is thrown.
        }
    }

    /** The next event, or null at the deadline; throws if it is the failure or the end of a side. */
    private Side.@Nullable Event next(long deadlineNanos) throws PeerFailure, InterruptedException {
        Side.Event event = events.poll(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (event == null) {
            return null;
        }
        Line line = event.line();
        if (line == null || line.word().equals(Line.FAILED)) {
            throw failure(event.side(), describe(event) + otherEnd(event.side()));
        }
        return event;
    }

    /** What became of the other side, where its end came just after this side's failure and may be the cause of it. */
    private String otherEnd(Side failed) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AFTERMATH_MILLIS);
        for (; ; ) {
            Side.Event event = events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (event == null) {
                return "";
            }
            if (event.side() != failed && event.line() == null) {
                return ", and " + event.side().name() + " " + describe(event) + " (log: "
                        + event.side().log() + ")";
            }
        }
    }

    private static String describe(Side.Event event) throws InterruptedException {
        Line line = event.line();
        return line == null ? event.side().exit() : line.field("reason");
    }

    private static PeerFailure failure(Side side, String what) {
        return new PeerFailure(side.name() + " " + what + "; its log: " + side.log());
    }
}
