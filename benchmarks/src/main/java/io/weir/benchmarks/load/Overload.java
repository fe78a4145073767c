package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.run.PeerFailure;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * O: ten times as many requests as the workers of a node can do, from four sessions. What may wait is half as many as there are
 * workers, so that what is accepted waits for half of a handler's time: the bound of what waits is the bound of how long.
 *
 * @param time how long, once at a tenth of what can be done, and once at ten times that
 */
record Overload(Duration time) implements Load {

    private static final String LOAD = "O";
    private static final int SESSIONS = 4;
    private static final int PAYLOAD_BYTES = 64;
    private static final int TIMES = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long GOAL_BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double GOAL_RATIO = 2;

    @Override
    public List<Finding> run() throws IOException, PeerFailure, InterruptedException {
        int capacity = (int) (LoadServer.WORKERS * TimeUnit.SECONDS.toNanos(1) / LoadServer.SERVICE.toNanos());
        try (ServerProcess server = ServerProcess.start("weir");
                Clients clients = new Clients(SESSIONS)) {
            PeerAddress address = PeerAddress.parse(server.address());
            List<PeerSession> sessions = clients.connectAll(i -> address);
            int rounds = WarmUp.settle(server, WARM_UP, howLong -> ask(sessions, TIMES * capacity, howLong));
            Percentiles unloaded = ask(sessions, capacity / TIMES, time).acceptedTimes();
            Map<String, String> before = server.sample();
            Spent here = Spent.now();
            Answers overloaded = ask(sessions, TIMES * capacity, time);
            Spent held = Spent.now().since(here);
            Map<String, String> after = server.sample();
            check(before, after, overloaded);

            Percentiles accepted = overloaded.acceptedTimes();
            Percentiles busy = overloaded.refusedTimes();
            double ratio = accepted.p99Nanos() / unloaded.p99Nanos();
            double seconds = time.toMillis() / 1e3;
            return List.of(
                    Finding.told(LOAD, "warm-up, rounds of " + WARM_UP.toSeconds() + " s", Integer.toString(rounds)),
                    Finding.told(
                            LOAD,
                            "the node meanwhile",
                            Spent.ofFields(after).since(Spent.ofFields(before)).toString()),
                    Finding.told(LOAD, "its peers meanwhile", held.toString()),
                    Finding.told(LOAD, "requests that the clients could not send", Figures.number(overloaded.unsent())),
                    Finding.told(
                            LOAD,
                            "requests/s asked, answered, BUSY",
                            String.join(
                                    ", ",
                                    Figures.number(overloaded.asked() / seconds),
                                    Figures.number(overloaded.answered() / seconds),
                                    Figures.number(overloaded.busy() / seconds))),
                    new Finding(
                            LOAD,
                            "BUSY, p99",
                            Figures.micros(busy.p99Nanos()),
                            "< 1,000 us",
                            busy.p99Nanos() < GOAL_BUSY_NANOS),
                    Finding.told(LOAD, "unloaded, p99", Figures.micros(unloaded.p99Nanos())),
                    new Finding(
                            LOAD,
                            "accepted under overload, p99",
                            Figures.micros(accepted.p99Nanos()) + ", " + Figures.ratio(ratio),
                            "< 2x",
                            ratio < GOAL_RATIO));
        }
    }

    private static Answers ask(List<PeerSession> sessions, int perSecond, Duration howLong) {
        Answers answers = new Answers();
        ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
        List<Mono<ByteBuffer>> requests = sessions.stream()
                .map(session -> session.request(LoadServer.WORK, payload, Codec.buffers(), Codec.buffers()))
                .toList();
        Pace.keep(perSecond, howLong, i -> answers.ask(requests.get(i % requests.size())));
        answers.awaitAll(PATIENCE);
        if (answers.failed() > 0) {
            throw new IllegalStateException("requests failed otherwise than BUSY: " + answers.failures());
        }
        return answers;
    }

    /** What the server did is what the clients heard, each request once. */
    private static void check(Map<String, String> before, Map<String, String> after, Answers clients) {
        long answered = grown(before, after, LoadServer.ANSWERED);
        long busy = grown(before, after, LoadServer.BUSY);
        long otherwise = grown(before, after, LoadServer.OTHERWISE);
        long running = Figures.field(after, LoadServer.RUNNING);
        if (answered != clients.answered() || busy != clients.busy() || otherwise != 0 || running != 0) {
            throw new IllegalStateException("the server has answered " + answered + ", was BUSY " + busy
                    + " times, ended " + otherwise + " otherwise and has " + running
                    + " running; the clients have heard " + clients.answered() + " and " + clients.busy());
        }
    }

    private static long grown(Map<String, String> before, Map<String, String> after, String name) {
        return Figures.field(after, name) - Figures.field(before, name);
    }
}
