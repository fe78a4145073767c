package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.measure.Sample;
import io.weir.benchmarks.measure.Summary;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.StreamWorkload;
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
 * among, or how many sessions of one stream each.
 *
 * @param streams counts, ascending
 * @param sessions counts, ascending
 * @param time of each window, of which there are three
 */
record Cost(List<Integer> streams, List<Integer> sessions, Duration time) implements Load {

    static final int PAYLOAD_BYTES = 1_024;

    private static final String LOAD = "cost";
    private static final int WINDOWS = 3;
    private static final int WARM_UP_WINDOWS = 2;
    private static final int WARM_UPS = 3;
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
        int most = counts.get(counts.size() - 1);
        TcpTransport links = TcpTransport.create(2);
        try (ServerProcess server = ServerProcess.start("streams", Integer.toString(inOne ? most : 1))) {
            // else the first, to which all are compared, is also the coldest
            for (int i = 0; i < WARM_UPS; i++) {
                nanos(server, links, counts.get(0), inOne);
            }
            double one = 0;
            for (int count : counts) {
                double nanos = nanos(server, links, count, inOne);
                one = one == 0 ? nanos : one;
                String value = Figures.number(nanos) + " ns, " + Figures.ratio(nanos / one);
                boolean judged = count > 1 && count <= JUDGED_UNTIL;
                findings.add(new Finding(
                        LOAD, count + " " + what, value, judged ? "<= 1.2x" : "", !judged || nanos <= GOAL * one));
            }
        }
    }

    /** The median of the windows. */
    private double nanos(ServerProcess server, TcpTransport links, int count, boolean inOne)
            throws IOException, PeerFailure, InterruptedException {
        Received received = new Received(count);
        int most = inOne ? count : 1;
        StreamWorkload workload = new StreamWorkload("cost", most, PAYLOAD_BYTES);
        for (int i = 0; i < count / most; i++) {
            Peer peer = LoadServer.streamsPeer(most, links);
            peer.prepare();
            peer.receive(server.address(), workload, received.from(i));
        }
        received.gate.open();
        double[] nanos = new double[WINDOWS];
        Sample[] before = {Sample.ofFields(server.sample()), received.meter.sample()};
        for (int i = -WARM_UP_WINDOWS; i < WINDOWS; i++) {
            Thread.sleep(time.toMillis());
            Sample[] after = {Sample.ofFields(server.sample()), received.meter.sample()};
            if (i >= 0) {
                nanos[i] = Figure.CPU.of(Window.between(before[0], after[0], before[1], after[1]));
            }
            before = after;
        }
        received.gate.close();
        Throwable failure = received.failure.get();
        if (failure != null) {
            throw new IOException("a stream ended", failure);
        }
        return Summary.of(nanos).median();
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
