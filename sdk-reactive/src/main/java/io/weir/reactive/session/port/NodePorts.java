package io.weir.reactive.session.port;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats;
import io.weir.reactive.VoteOptions;
import io.weir.reactive.transport.DatagramPorts;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.PortTally;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The ports of one node, on as many transports of datagrams as it has. Thread safe. */
public final class NodePorts {

    private final PortSettings settings;
    private final LongSupplier clock;
    private final NodeDrops drops;
    private final NodeCounts counts = new NodeCounts();
    private final GuestTally guests;
    private final Map<DatagramTransport, TransportPorts> byTransport = new ConcurrentHashMap<>();

    /**
     * With none bound.
     *
     * @param clock monotonic nanoseconds, for the time that a dial has
     */
    public NodePorts(
            HandshakeConfig handshake,
            RandomBytes random,
            NodeLimits limits,
            LongSupplier clock,
            @Nullable NodeObserver observer) {
        this(handshake, random, limits, new FastPaths(Map.of(), limits.maxQuestionsPerSecond()), clock, observer);
    }

    /** The same, whose listeners answer questions too. */
    public NodePorts(
            HandshakeConfig handshake,
            RandomBytes random,
            NodeLimits limits,
            FastPaths fastPaths,
            LongSupplier clock,
            @Nullable NodeObserver observer) {
        this.settings = PortSettings.of(handshake, random, limits, fastPaths);
        this.clock = clock;
        this.drops = new NodeDrops(observer);
        this.guests = new GuestTally(drops);
    }

    /** Those on that transport: the same object each time. */
    public DatagramPorts over(DatagramTransport transport) {
        return on(transport);
    }

    /** Cold: asks for a vote, over that transport. */
    public Mono<Vote> vote(DatagramTransport transport, PeerAddress address, RootSet roots, VoteOptions options) {
        return on(transport).vote(address, roots, options);
    }

    /** Ends all votes that are open, and takes no more. Idempotent. */
    public void endVotes() {
        byTransport.values().forEach(TransportPorts::endVotes);
    }

    private TransportPorts on(DatagramTransport transport) {
        return byTransport.computeIfAbsent(transport, t -> {
            PortSettings ofThis = settings.withMaxDatagramBytes(t.maxDatagramBytes());
            return new TransportPorts(t, ofThis, clock, drops, counts);
        });
    }

    /** Where transports count that have their datagrams for themselves. */
    public PortTally tally() {
        return guests;
    }

    /** What they have done since the beginning, those that are closed, and those of such transports, included. */
    public DatagramCounts counts() {
        return counts.counts().plus(guests.counts());
    }

    /** First messages of handshakes that were turned away since the beginning. */
    public NodeStats.TurnedAway turnedAway() {
        return drops.turnedAway();
    }

    /** How many datagrams were dropped since the beginning, by reason; no entry where there were none. */
    public Map<Drop, Long> dropped() {
        return drops.counts();
    }
}
