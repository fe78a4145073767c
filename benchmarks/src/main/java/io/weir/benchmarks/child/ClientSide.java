package io.weir.benchmarks.child;

import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.ReplyRecorder;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.Workload;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * What a client's process counts with, before it is connected, and the gate through which it asks.
 *
 * @param gate what lets it ask
 * @param meter what counts
 * @param connect connects the peer, which goes on by itself
 */
record ClientSide(Gate gate, ProcessMeter meter, Connector connect) {
    /** Connects a peer to an address. */
    interface Connector {
        Peer.Client connect(Peer peer, String address);
    }

    /**
     * The client of that workload.
     *
     * @param onFailure told what ended and why, in any thread
     */
    static ClientSide of(Workload workload, Gate gate, BiConsumer<String, Throwable> onFailure) {
        return workload instanceof RequestWorkload requests
                ? requesting(requests, gate, onFailure)
                : receiving((StreamWorkload) workload, gate, onFailure);
    }

    private static ClientSide receiving(StreamWorkload workload, Gate gate, BiConsumer<String, Throwable> onFailure) {
        ElementCounter[] counters = IntStream.range(0, workload.streams())
                .mapToObj(index -> new ElementCounter(workload.payloadBytes()))
                .toArray(ElementCounter[]::new);
        Reception reception = new Reception() {
            @Override
            public ElementCounter counter(int index) {
                return counters[index];
            }

            @Override
            public Gate gate() {
                return gate;
            }

            @Override
            public void failed(Throwable reason) {
                onFailure.accept("a stream ended", reason);
            }
        };
        return new ClientSide(
                gate,
                ProcessMeter.counting(List.of(counters)),
                (peer, address) -> peer.receive(address, workload, reception));
    }

    private static ClientSide requesting(RequestWorkload workload, Gate gate, BiConsumer<String, Throwable> onFailure) {
        ReplyRecorder recorder = new ReplyRecorder(workload.payloadBytes());
        Replies replies = new Replies() {
            @Override
            public ReplyRecorder recorder() {
                return recorder;
            }

            @Override
            public Gate gate() {
                return gate;
            }

            @Override
            public void failed(Throwable reason) {
                onFailure.accept("a request has no reply", reason);
            }
        };
        return new ClientSide(
                gate,
                ProcessMeter.timing(recorder),
                (peer, address) -> RequestPeer.of(peer).request(address, workload, replies));
    }
}
