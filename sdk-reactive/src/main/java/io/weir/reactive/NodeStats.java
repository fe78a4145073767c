package io.weir.reactive;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node has done since its beginning, and what it has in hand now: a snapshot ({@link PeerNode#stats}). A count never falls
 * from one snapshot to the next. The parts of one snapshot may be from slightly different moments, but in each of them
 *
 * <ul>
 *   <li>each connection that was there is a handshake under way, has failed, or has become a session: {@link Connections#begun};
 *   <li>each session that was ready is ready, drains, closes, or has ended: {@link Connections#opened};
 *   <li>each request for which a handler was called runs, or has exactly one outcome: {@link Handled#taken}.
 * </ul>
 *
 * <p>Where nothing is under way, also: two nodes that have only each other have sent what the other has received, in records, bytes
 * and elements, but for fire-and-forget ones that are lost or {@linkplain Traffic#late late}; a request that one has asked has the outcome at
 * the other's that it has here, unless it was given up, refused or lost; and every question of the fast path is answered or dropped ({@link
 * FastPathStats}).
 *
 * @param connections by transport and direction; those of which there was one
 * @param handshakes connections that handshake now, by how far they are
 * @param writing sessions that have something to say now which their links do not take: peers, or the ways to them, are slower than
 *     what is sent
 * @param turnedAway over datagrams and QUIC, where nobody has proved yet where it is, let alone who
 * @param traffic records and elements of all sessions
 * @param moves of peers whose sessions go over datagrams or QUIC, from one address to another
 * @param handled requests of peers
 * @param asked this node's requests that have ended, by outcome: {@link ErrorCode#NONE} is a reply
 * @param refused what peers began and was turned away before a handler saw it, by kind and reason, as {@link
 *     NodeObserver#onRefused} is told
 * @param fastPath questions and answers without a session
 * @param datagrams as {@link PeerNode#datagramCounts}
 * @param droppedDatagrams as {@link PeerNode#droppedDatagrams}
 * @param memory promised, and held to be sent
 */
public record NodeStats(
        List<Connections> connections,
        Map<HandshakeStage, Long> handshakes,
        long writing,
        TurnedAway turnedAway,
        Traffic traffic,
        Moves moves,
        Handled handled,
        Map<ErrorCode, Long> asked,
        Map<Interaction.Kind, Map<ErrorCode, Long>> refused,
        FastPathStats fastPath,
        DatagramCounts datagrams,
        Map<Drop, Long> droppedDatagrams,
        Memory memory) {

    public NodeStats {
        connections = List.copyOf(connections);
        handshakes = Map.copyOf(handshakes);
        asked = Map.copyOf(asked);
        refused = Map.copyOf(refused);
        droppedDatagrams = Map.copyOf(droppedDatagrams);
    }

    /** Sessions that are ready, drain or close, over all transports and in both directions. */
    public long sessions() {
        return connections.stream().mapToLong(Connections::open).sum();
    }

    /** Connections that peers have made. */
    public long accepted() {
        return inbound().stream().mapToLong(Connections::begun).sum();
    }

    /** Connections of peers that have led to no session of their own, by reason. */
    public Map<ErrorCode, Long> refusedConnections() {
        Map<ErrorCode, Long> reasons = new TreeMap<>();
        inbound().forEach(each -> each.failed().forEach((why, count) -> reasons.merge(why, count, Long::sum)));
        return reasons;
    }

    private List<Connections> inbound() {
        return connections.stream()
                .filter(each -> each.direction() == ConnectionInfo.Direction.INBOUND)
                .toList();
    }

    /**
     * What has become of the connections of one transport that one side has made. One is there when it has been accepted or has reached
     * the peer; over datagrams one of a peer's is there once the peer has proved who it is, over QUIC once its first packet is let in.
     *
     * @param transport scheme of the transport
     * @param direction who dialled
     * @param handshaking now: connections that have not led to a session yet
     * @param failed connections that have led to none of their own, by reason; {@link ErrorCode#DUPLICATE_SESSION} of those beside
     *     another with the peer
     * @param ready now: sessions that take new streams and requests
     * @param draining now: sessions of which either side goes away
     * @param closing now: sessions whose END is said
     * @param ended sessions that were ready, by the reason of their end; {@link ErrorCode#NONE} in good order
     */
    public record Connections(
            String transport,
            ConnectionInfo.Direction direction,
            long handshaking,
            Map<ErrorCode, Long> failed,
            long ready,
            long draining,
            long closing,
            Map<ErrorCode, Long> ended) {

        public Connections {
            failed = Map.copyOf(failed);
            ended = Map.copyOf(ended);
        }

        /** Sessions that have not ended: ready, draining and closing. */
        public long open() {
            return ready + draining + closing;
        }

        /** Sessions that have been ready: those that are open, and all that have ended. */
        public long opened() {
            return open() + sum(ended.values());
        }

        /** Connections that were there: handshaking, failed and opened. */
        public long begun() {
            return handshaking + sum(failed.values()) + opened();
        }
    }

    /**
     * First messages of handshakes over datagrams or QUIC that were answered and led to nothing; what was not answered at all is in {@link
     * #droppedDatagrams}. They are no connections yet.
     *
     * @param retries who was asked to show that its address is true; who does so begins anew
     * @param rejected who was told why it cannot be let in, by reason
     */
    public record TurnedAway(long retries, Map<ErrorCode, Long> rejected) {

        public TurnedAway {
            rejected = Map.copyOf(rejected);
        }
    }

    /**
     * Both ways.
     *
     * @param sent to peers
     * @param received from peers
     * @param late fire-and-forget elements that came over datagrams or QUIC and were dropped: one behind it was handed on already, or its
     *     half is over. They are not among those received
     */
    public record Traffic(Way sent, Way received, long late) {

        /** Nothing yet. */
        public static final Traffic NONE = new Traffic(Way.NONE, Way.NONE, 0);

        /** The sums of both. */
        public Traffic plus(Traffic other) {
            return new Traffic(sent.plus(other.sent), received.plus(other.received), late + other.late);
        }
    }

    /**
     * One way, through sessions that were ready.
     *
     * @param records sent, or come and authentic; what has gone before a session was ready is counted with the session's
     * @param bytes of frames in those records, before they are sealed
     * @param elements of streams: written to a record, or come
     * @param payloadBytes of those elements
     */
    public record Way(long records, long bytes, long elements, long payloadBytes) {

        /** Nothing yet. */
        public static final Way NONE = new Way(0, 0, 0, 0);

        /** The sums of both. */
        public Way plus(Way other) {
            return new Way(
                    records + other.records,
                    bytes + other.bytes,
                    elements + other.elements,
                    payloadBytes + other.payloadBytes);
        }
    }

    /**
     * Addresses that peers of sessions came to have. Each that one seemed to have is followed, or unproven, or not judged yet.
     *
     * @param followed the peer was proved to be there, and what is said to it goes there
     * @param unproven the peer was not proved to be there: it did not answer, or was heard from where it was before. Of many, somebody sends
     *     copies of its packets, or a way to it lets through only what comes from there
     */
    public record Moves(long followed, long unproven) {}

    /**
     * Requests of peers that handlers have taken.
     *
     * @param running now: those that are not answered
     * @param outcomes those that are answered, or were given up: {@link ErrorCode#NONE} with a value, {@link ErrorCode#CANCELLED} by the
     *     peer or with its session
     * @param queueNanos how long those with an outcome have waited for their handlers, in all, as {@link
     *     NodeObserver.RequestDone#queueNanos}
     * @param serviceNanos how long their handlers took from then on, in all
     */
    public record Handled(long running, Map<ErrorCode, Long> outcomes, long queueNanos, long serviceNanos) {

        public Handled {
            outcomes = Map.copyOf(outcomes);
        }

        /** Those with an outcome, whatever it is. */
        public long done() {
            return sum(outcomes.values());
        }

        /** Those for which a handler was called: running or done. */
        public long taken() {
            return running + done();
        }
    }

    /**
     * Memory in bytes, now.
     *
     * @param promised to peers, as {@link PeerNode#reservedBytes}
     * @param promisedMost {@link NodeLimits#nodeBudgetBytes}
     * @param unsent accepted and not yet written, as {@link PeerNode#unsentBytes}
     * @param unsentMost {@link NodeLimits#nodeSendBudgetBytes}
     */
    public record Memory(long promised, long promisedMost, long unsent, long unsentMost) {}

    private static long sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
