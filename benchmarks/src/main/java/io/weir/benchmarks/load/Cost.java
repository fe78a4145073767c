package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.measure.Ratios;
import io.weir.benchmarks.measure.Sample;
import io.weir.benchmarks.measure.Summary;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.weir.WeirPeer;
import io.weir.benchmarks.run.PeerFailure;
import io.weir.reactive.transport.tcp.TcpTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cost: processor time of both processes for an element of 1 KiB, at full speed, by how many streams of one session it is shared out
 * among, or how many sessions of one stream each. They take turns, round by round, so that what is compiled is the same for all; each
 * connects for its turn and is closed behind it, since streams that nobody reads have their windows full.
 *
 * @param streams counts, ascending
 * @param sessions counts, ascending
 * @param time of each window
 */
record Cost(List<Integer> streams, List<Integer> sessions, Duration time) implements Load {

    static final int PAYLOAD_BYTES = 1_024;

    private static final String LOAD = "cost";
    private static final int WARM_UP_ROUNDS = 2;
    private static final int ROUNDS = 6;
    private static final int SETTLING_WINDOWS = 3;
    private static final int JUDGED_UNTIL = 1_000;
    private static final double GOAL = 1.2;

    @Override
    public List<Finding> run() throws IOException, PeerFailure, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        add(findings, "streams of a session", streams, true);
        add(findings, "sessions of a stream", sessions, false);
        return findings;
    }

    private void add(List<Finding> findings, String what, List<Integer> counts, boolean inOne)
            throws IOException, PeerFailure, InterruptedException {
        int most = inOne ? counts.get(counts.size() - 1) : 1;
        TcpTransport links = TcpTransport.create(2);
        try (ServerProcess server = ServerProcess.withHeap("6g", "streams", Integer.toString(most))) {
            List<List<Double>> nanos = counts.stream()
                    .map(count -> (List<Double>) new ArrayList<Double>())
                    .toList();
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                for (int i = 0; i < counts.size(); i++) {
                    double window = nanos(server, links, counts.get(i), inOne, most);
                    if (round >= 0) {
                        nanos.get(i).add(window);
                    }
                }
            }
            for (int i = 0; i < counts.size(); i++) {
                findings.add(finding(counts.get(i), what, nanos.get(i), nanos.get(0)));
            }
        }
    }

    private double nanos(ServerProcess server, TcpTransport links, int count, boolean inOne, int most)
            throws IOException, PeerFailure, InterruptedException {
        Received received = new Received(count);
        int together = inOne ? count : 1;
        StreamWorkload workload = new StreamWorkload("cost", together, PAYLOAD_BYTES);
        List<WeirPeer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < count / together; i++) {
                WeirPeer peer = LoadServer.streamsPeer(most, links);
                peers.add(peer);
                peer.prepare();
                peer.receive(server.address(), workload, received.from(i));
            }
            server.heap(); // what the turn before has left is collected
            System.gc();
            return window(server, received);
        } finally {
            received.gate.close();
            peers.forEach(WeirPeer::close);
        }
    }

    /** What an element costs while these receive. */
    private double window(ServerProcess server, Received received)
            throws IOException, PeerFailure, InterruptedException {
        received.gate.open();
        Thread.sleep(SETTLING_WINDOWS * time.toMillis()); // windows grow meanwhile, also those of a thousand sessions
        Sample[] before = {Sample.ofFields(server.sample()), received.meter.sample()};
        Thread.sleep(time.toMillis());
        Sample[] after = {Sample.ofFields(server.sample()), received.meter.sample()};
        Throwable failure = received.failure.get();
        if (failure != null) {
            throw new IOException("a stream ended", failure);
        }
        return Figure.CPU.of(Window.between(before[0], after[0], before[1], after[1]));
    }

    /** By the median of the ratios by round to the first count's. */
    static Finding finding(int count, String what, List<Double> nanos, List<Double> first) {
        Ratios ratios = new Ratios(IntStream.range(0, nanos.size())
                .mapToObj(round -> nanos.get(round) / first.get(round))
                .toList());
        Summary summary =
                Summary.of(nanos.stream().mapToDouble(Double::doubleValue).toArray());
        String value = Figures.number(summary.median()) + " ns, " + Figures.ratios(ratios, Figures::ratio);
        String name = count + " " + what;
        return count > 1 && count <= JUDGED_UNTIL
                ? new Finding(LOAD, name, value, "<= 1.2x", ratios.median() <= GOAL)
                : Finding.told(LOAD, name, value);
    }

    private static final class Received {
        final Gate gate = Gate.closed();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        final List<ElementCounter> counters;
        final ProcessMeter meter;

        Received(int count) {
            counters = IntStream.range(0, count)
                    .mapToObj(i -> new ElementCounter(PAYLOAD_BYTES))
                    .toList();
            meter = ProcessMeter.counting(counters);
        }

        /** The counters from that one on. */
        Reception from(int first) {
            return new Reception() {
                @Override
                public ElementCounter counter(int index) {
                    return counters.get(first + index);
                }

                @Override
                public Gate gate() {
                    return gate;
                }

                @Override
                public void failed(Throwable reason) {
                    failure.compareAndSet(null, reason);
                }
            };
        }
    }
}
