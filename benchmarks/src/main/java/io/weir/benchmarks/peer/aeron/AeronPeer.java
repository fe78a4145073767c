package io.weir.benchmarks.peer.aeron;

import io.weir.benchmarks.peer.Elements;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.Workload;
import java.util.List;

/**
 * Aeron as its documentation has it for one process: an embedded media driver on one thread ({@code SHARED}), the application
 * on another, both with Aeron's default of backing off when idle; nothing is encrypted or authenticated. A stream of the
 * workload is a publication, its demand is how many fragments the receiver polls, and Aeron's window follows that.
 *
 * <p>An element is a message. A request is one on the client's publication, its answer one on the server's, so they keep
 * their order.
 */
public final class AeronPeer implements RequestPeer {
    /** The stream on which a client says where it is. */
    static final int HELLO_STREAM = 1_000;

    static final int FIRST_STREAM = 1;

    private final String id;
    private final int mtuBytes;

    private AeronPeer(String id, int mtuBytes) {
        this.id = id;
        this.mtuBytes = mtuBytes;
    }

    /** Aeron's own MTU, which fits Ethernet. */
    public static Peer ethernet() {
        return new AeronPeer("aeron", 1_408);
    }

    /** An MTU that only loopback or jumbo frames carry. */
    public static Peer large() {
        return new AeronPeer("aeron-8k", 8_192);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Aeron over UDP, not encrypted, MTU " + mtuBytes + " B, media driver on one thread of each process";
    }

    /** Not 100 streams: as many publications that wait for their receiver keep the driver's thread busy, at others' expense. */
    @Override
    public boolean runs(Workload workload) {
        return !(workload instanceof StreamWorkload streams) || streams.streams() == 1;
    }

    @Override
    public List<String> jvmOptions() {
        return List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    /** Its threads look whether there is something to do, some hundred times a second each. */
    @Override
    public double mostIdleShare() {
        return 0.12;
    }

    @Override
    public Server serve(StreamWorkload workload) {
        byte[] payload = Elements.payload(workload.payloadBytes());
        AeronNode node = AeronNode.start(mtuBytes, workload.streams());
        node.onHello(endpoint -> {
            for (int stream = 0; stream < workload.streams(); stream++) {
                ElementSender sender = new ElementSender(node.publish(endpoint, FIRST_STREAM + stream));
                Elements.flux(() -> payload).subscribe(sender);
                node.add(sender);
            }
        });
        return node::address;
    }

    @Override
    public Client receive(String address, StreamWorkload workload, Reception reception) {
        AeronNode node = AeronNode.start(mtuBytes, workload.streams());
        for (int stream = 0; stream < workload.streams(); stream++) {
            node.add(new ElementReceiver(node.subscribe(FIRST_STREAM + stream), reception, reception.counter(stream)));
        }
        node.hello(address);
        return () -> "";
    }

    @Override
    public Server answer(RequestWorkload workload) {
        AeronNode node = AeronNode.start(mtuBytes, 1);
        node.onHello(
                endpoint -> node.add(new Answerer(node.subscribe(FIRST_STREAM), node.publish(endpoint, FIRST_STREAM))));
        return node::address;
    }

    @Override
    public Client request(String address, RequestWorkload workload, Replies replies) {
        AeronNode node = AeronNode.start(mtuBytes, 1);
        node.add(new Requester(node.subscribe(FIRST_STREAM), node.publish(address, FIRST_STREAM), workload, replies));
        node.hello(address);
        return () -> "";
    }
}
