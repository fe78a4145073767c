package io.weir.reactive.transport;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Nodes in real time, each with a transport of its own as if it were alone in its process, and all that each has told. */
public final class ContractNodes implements AutoCloseable {

    /** Longer than anything here takes; only a failure waits for it. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supplier<Transport> transports;
    private final Map<PeerNode, Transport> nodes = new HashMap<>();
    private final Map<PeerNode, Queue<PeerEvent>> events = new ConcurrentHashMap<>();

    public ContractNodes(Supplier<Transport> transports) {
        this.transports = transports;
    }

    public PeerNode start(UnaryOperator<PeerNodeSpec> spec) {
        Transport transport = transports.get();
        Queue<PeerEvent> told = new ConcurrentLinkedQueue<>();
        PeerNode node;
        try {
            node = await(spec.apply(Weir.node().transport(transport).onEvent(told::add))
                    .start());
        } catch (RuntimeException e) {
            end(transport.disposeLater());
            throw e;
        }
        nodes.put(node, transport);
        events.put(node, told);
        return node;
    }

    /** A node that listens nowhere. */
    public PeerNode start() {
        return start(spec -> spec);
    }

    /** Where a node listens, and who must answer there. */
    public static PeerAddress address(PeerNode node) {
        return node.addresses().get(0).expecting(node.id());
    }

    /** Connects the first node to the second. */
    public static PeerSession connect(PeerNode from, PeerNode to) {
        return await(from.connect(address(to)));
    }

    /** A node's session with another. */
    public static PeerSession session(PeerNode of, PeerNode with) {
        return await(of.sessions()
                .filter(session -> session.peer().equals(with.id()))
                .next());
    }

    /**
     * Waits until nothing that waits for an answer is under way between two ends of a session: the second PING of each side begins behind the
     * first, which may be one that the session had asked for, and brings what was sent before.
     */
    public static void settle(PeerSession here, PeerSession there) {
        for (int round = 0; round < 2; round++) {
            await(here.ping());
            await(there.ping());
        }
    }

    /** Takes the network from under a node, which is told nothing: as if its machine had lost its power. */
    public void cutOff(PeerNode node) {
        end(Objects.requireNonNull(nodes.get(node)).disposeLater());
    }

    /** What a node has told of that kind, in order. */
    public <E extends PeerEvent> List<E> told(PeerNode node, Class<E> kind) {
        List<E> told = new ArrayList<>();
        for (PeerEvent event : Objects.requireNonNull(events.get(node))) {
            if (kind.isInstance(event)) {
                told.add(kind.cast(event));
            }
        }
        return told;
    }

    public static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    public static void end(Mono<?> mono) {
        mono.then().block(PATIENCE);
    }

    public static void awaitTrue(String what, BooleanSupplier condition) {
        LinkTestKit.awaitTrue(what, condition, PATIENCE);
    }

    @Override
    public void close() {
        end(Mono.whenDelayError(nodes.keySet().stream().map(PeerNode::close).toList()));
        end(Mono.whenDelayError(
                nodes.values().stream().map(Transport::disposeLater).toList()));
    }
}
