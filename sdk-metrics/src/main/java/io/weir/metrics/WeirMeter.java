package io.weir.metrics;

import static io.weir.metrics.WeirTag.DIRECTION;
import static io.weir.metrics.WeirTag.KIND;
import static io.weir.metrics.WeirTag.MEMORY;
import static io.weir.metrics.WeirTag.OUTCOME;
import static io.weir.metrics.WeirTag.REASON;
import static io.weir.metrics.WeirTag.RELIABILITY;
import static io.weir.metrics.WeirTag.ROLE;
import static io.weir.metrics.WeirTag.STATE;
import static io.weir.metrics.WeirTag.TRANSPORT;
import static io.weir.metrics.WeirTag.TYPE;

import io.micrometer.core.instrument.Meter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a node, all of them: name, unit and tags of each, and what one has to know to read it. {@code docs-site/metrics.md}
 * prints this table. No name ends in a word that Prometheus cuts, and none is another's with a suffix that Prometheus adds.
 */
public enum WeirMeter {

    // ---- connections

    /** How long dials take, and how they end. */
    DIALS(
            new Named("weir.dials", Meter.Type.TIMER, null, TRANSPORT, OUTCOME),
            "a dial ends: looking up, connecting, handshake and all",
            "inbound connections; a connect that finds a session, or joins a dial",
            "HANDSHAKES: dials that fail before a handshake are the network's"),

    /** How long it takes to make a session of a connection, and how that ends. */
    HANDSHAKES(
            new Named("weir.handshakes", Meter.Type.TIMER, null, TRANSPORT, ROLE, OUTCOME),
            "a connection, of either side, has become a session, or has failed to",
            "dials that reached nobody",
            "SESSIONS_OPENED: as many successes; `duplicate_session` is no fault, another session with the peer lives"),

    /** Live sessions. */
    SESSIONS(
            new Named("weir.sessions", Meter.Type.GAUGE, null, TRANSPORT, ROLE, STATE),
            "now: sessions that are ready, and those of them that drain",
            "handshakes in progress",
            "SESSIONS_OPENED less SESSIONS_ENDED"),

    /** Sessions whose links are full. */
    SESSIONS_WRITING(
            new Named("weir.sessions.writing", Meter.Type.GAUGE, null),
            "now: sessions that have something to say which their links do not take",
            "handshakes; streams that wait for credit of the peer",
            "SESSIONS: many at once are this side's network, one again and again is a slow peer; MEMORY_UNSENT"),

    /** Sessions that became ready. */
    SESSIONS_OPENED(
            new Named("weir.sessions.opened", Meter.Type.COUNTER, null, TRANSPORT, ROLE),
            "a session is ready",
            "handshakes that fail",
            "SESSIONS_ENDED"),

    /** Sessions that ended, and why. */
    SESSIONS_ENDED(
            new Named("weir.sessions.ended", Meter.Type.COUNTER, null, TRANSPORT, ROLE, OUTCOME),
            "a session that was ready has ended; `success` if it was closed in good order",
            "handshakes that fail",
            "SESSIONS_OPENED; and RECONNECTS, for those lost that came again"),

    /** How long lost peers were away. */
    RECONNECTS(
            new Named("weir.reconnects", Meter.Type.TIMER, null, TRANSPORT),
            "a session is ready with a peer whose last one was lost: the time without one",
            "first sessions; after a close in good order; peers beyond the 1,024 that were lost last",
            "SESSIONS_ENDED whose outcome is not `success`: those that did not come again are away"),

    /** Round trips to peers. */
    ROUND_TRIP(
            new Named("weir.round.trip", Meter.Type.TIMER, null, TRANSPORT),
            "PONG answers a PING: about once a second for each session that speaks, once a minute for one that is idle",
            "the smoothed value, which is `PeerSession.roundTrip()`",
            "STREAM_WINDOW: a stream can do no more than its window in each round trip"),

    /** Signs of life that did not come in time. */
    HEARTBEATS_MISSED(
            new Named("weir.heartbeats.missed", Meter.Type.COUNTER, null, TRANSPORT),
            "nothing was heard of a peer where it should have beaten, three times in a silence limit",
            "",
            "SESSIONS_ENDED with `silence`: at the third the session is lost; many at once in all sessions are this process, "
                    + "which stood still"),

    // ---- records

    /** Records each way. */
    RECORDS(
            new Named("weir.records", Meter.Type.COUNTER, null, TRANSPORT, DIRECTION),
            "a record is written to a link, or has come and is authentic",
            "the messages of handshakes",
            "RECORD_BYTES: bytes for each record; far below 32 KiB under load, elements leave one by one"),

    /** Bytes of records each way. */
    RECORD_BYTES(
            new Named("weir.record.bytes", Meter.Type.COUNTER, "bytes", TRANSPORT, DIRECTION),
            "the same: bytes of frames, before they are sealed",
            "what sealing adds, 18 for each record, and the network's headers",
            "STREAM_BYTES: the rest is messages and control"),

    // ---- streams

    /** Streams in use. */
    STREAMS(
            new Named("weir.streams", Meter.Type.GAUGE, null, TYPE, RELIABILITY),
            "now: streams in use here, opened by either side",
            "those of a peer that nobody has taken",
            "STREAMS_OPENED less STREAMS_ENDED"),

    /** Streams that came into use. */
    STREAMS_OPENED(
            new Named("weir.streams.opened", Meter.Type.COUNTER, null, TYPE, RELIABILITY),
            "a stream is used for the first time here, or a handler takes one of a peer",
            "REFUSALS",
            "STREAMS_ENDED"),

    /** Streams that are over. */
    STREAMS_ENDED(
            new Named("weir.streams.ended", Meter.Type.COUNTER, null, TYPE, RELIABILITY, OUTCOME),
            "both halves of a stream have ended, or its session has; `success` if both did in good order, `cancelled` if a half "
                    + "was given up, `stream_closed` if the stream or its session was closed meanwhile",
            "",
            "STREAMS_OPENED; and SESSIONS_ENDED, which take their streams along with the same outcome"),

    /** Elements each way. */
    STREAM_ELEMENTS(
            new Named("weir.stream.elements", Meter.Type.COUNTER, null, TYPE, RELIABILITY, DIRECTION),
            "an element is written to a record, or has come",
            "messages; elements accepted and not yet written",
            "STREAM_BYTES, and STREAM_TIME for why there are not more"),

    /** Bytes of payloads each way. */
    STREAM_BYTES(
            new Named("weir.stream.bytes", Meter.Type.COUNTER, "bytes", TYPE, RELIABILITY, DIRECTION),
            "the same: bytes of payloads",
            "the 16 bytes of credit that each element costs beside its payload",
            "RECORD_BYTES"),

    /** Open sending halves. */
    STREAM_HALVES(
            new Named("weir.stream.halves", Meter.Type.GAUGE, null, TYPE, RELIABILITY),
            "now: sending halves of this node that are open, whether they have something to send or not",
            "halves that only receive, or have not been opened",
            "STREAM_TIME, whose four rates add up to it"),

    /** Where each second of the sending halves goes. */
    STREAM_TIME(
            new Named("weir.stream.time", Meter.Type.COUNTER, "seconds", TYPE, RELIABILITY, STATE),
            "each second of each open sending half, in exactly one of four states: who is slow",
            "receiving halves: their peers count those",
            "STREAM_HALVES: the rate of a state by it is the part of the second that a half spends there"),

    /** The windows that peers give. */
    STREAM_WINDOW(
            new Named("weir.stream.window", Meter.Type.GAUGE, "bytes", TYPE, RELIABILITY),
            "now: the windows that peers give to open sending halves, all together",
            "the windows of this node, which are in MEMORY_PROMISED",
            "STREAM_HALVES, for the window of one"),

    /** Credit given and got. */
    STREAM_GRANTS(
            new Named("weir.stream.grants", Meter.Type.COUNTER, null, TYPE, RELIABILITY, DIRECTION),
            "a WINDOW raises the limit of a half: given by this node, or to it",
            "windows of requests and replies",
            "STREAM_BYTES: about four for each window of bytes"),

    /** Waits for credit. */
    STREAM_BACKPRESSURE(
            new Named("weir.stream.backpressure", Meter.Type.COUNTER, null, TYPE, RELIABILITY),
            "sending has to wait for credit, or `trySend` is refused for lack of it",
            "waiting for the link",
            "STREAM_TIME in `blocked_by_credit`, for how long"),

    /** Halves that stand still. */
    STREAM_STALLED(
            new Named("weir.stream.stalled", Meter.Type.GAUGE, null, TYPE, RELIABILITY),
            "now: open sending halves that were without credit, and nothing else, for at least 30 s, as far as readings of this "
                    + "meter have seen them",
            "halves that wait for the link",
            "STREAM_HALVES; and STREAM_TIME in `blocked_by_credit`, whose mean hides one half among many"),

    /** Elements that no subscriber has taken. */
    STREAM_PENDING(
            new Named("weir.stream.pending", Meter.Type.GAUGE, null, TYPE, RELIABILITY),
            "now: elements received that no subscriber has taken",
            "elements in an operator of the user's",
            "STREAM_ELEMENTS received: what stays while nothing comes is a subscriber that stopped asking"),

    // ---- requests and messages

    /** How long requests take, and how they end. */
    REQUESTS(
            new Named("weir.requests", Meter.Type.TIMER, null, ROLE, TYPE, OUTCOME),
            "a request ends: of this node, from its beginning to the answer; of a peer, from its last byte to the handler's answer",
            "of a peer: those turned away before a handler saw them, REFUSALS",
            "REQUESTS_QUEUE and REQUESTS_SERVICE, its parts, and REQUESTS_MAX"),

    /** The longest of the last two minutes. */
    REQUESTS_MAX(
            new Named("weir.requests.max", Meter.Type.GAUGE, "seconds", ROLE, TYPE, OUTCOME),
            "now: how long the longest request took of those that ended in the last two minutes",
            "",
            "REQUESTS: its total by its count is the mean"),

    /** How long requests wait for their turn. */
    REQUESTS_QUEUE(
            new Named("weir.requests.queue", Meter.Type.TIMER, null, ROLE, TYPE),
            "the same: of this node, until it began to be written; of a peer, until a thread took it",
            "",
            "REQUESTS"),

    /** How long requests take once it is their turn. */
    REQUESTS_SERVICE(
            new Named("weir.requests.service", Meter.Type.TIMER, null, ROLE, TYPE),
            "the same, from then on: of this node, the network and the peer; of a peer, the handler",
            "",
            "REQUESTS"),

    /** Requests without an answer. */
    REQUESTS_OPEN(
            new Named("weir.requests.open", Meter.Type.GAUGE, null, ROLE),
            "now: requests of this node without an answer, requests of peers that are not answered",
            "",
            "`NodeLimits.maxRequestsOutstanding` and `maxHandled`, beyond which they are refused"),

    /** One-way messages in hand. */
    MESSAGES_WAITING(
            new Named("weir.messages.waiting", Meter.Type.GAUGE, null),
            "now: one-way messages of peers that wait for their handler, or are with it",
            "messages on their way out",
            "`NodeLimits.maxHandled`"),

    /** What is turned away unprocessed. */
    REFUSALS(
            new Named("weir.refusals", Meter.Type.COUNTER, null, KIND, OUTCOME),
            "something that a peer began is turned away before a handler saw it: `busy`, `no_handler`, `refused`, `unclaimed`",
            "what a handler refuses, which is in REQUESTS; connections, which are in HANDSHAKES",
            "REQUESTS as `server`, STREAMS_OPENED"),

    // ---- memory

    /** Memory that peers may make the node hold. */
    MEMORY_PROMISED(
            new Named("weir.memory.promised", Meter.Type.GAUGE, "bytes"),
            "now: memory that is promised to peers, as windows or for what they are about to send",
            "what is held to be sent, MEMORY_UNSENT",
            "`NodeLimits.nodeBudgetBytes`, at which windows grow no more"),

    /** Memory that peers have not taken. */
    MEMORY_UNSENT(
            new Named("weir.memory.unsent", Meter.Type.GAUGE, "bytes"),
            "now: memory held for what nodes have accepted and not yet written, as `PeerNode.unsentBytes()`",
            "what publishers have not been asked for",
            "`NodeLimits.nodeSendBudgetBytes`, at which nothing more is accepted: peers or links take less than is sent"),

    /** Waits for memory. */
    MEMORY_WAITS(
            new Named("weir.memory.waits", Meter.Type.TIMER, null, MEMORY),
            "a session waited for memory of the node that others held, until its next try",
            "waiting for credit of a peer",
            "MEMORY_PROMISED: waits far below the budget are one session's own limit"),

    // ---- paths of datagrams

    /** Packets on their way. */
    PATH_PACKETS_SENT(
            new Named("weir.path.packets.sent", Meter.Type.COUNTER, null, TRANSPORT),
            "a packet is sent that the peer has to acknowledge, probes of the path's size included",
            "packets that only acknowledge; links of bytes, as for all meters of paths",
            "PATH_PACKETS_LOST"),

    /** Lost packets. */
    PATH_PACKETS_LOST(
            new Named("weir.path.packets.lost", Meter.Type.COUNTER, null, TRANSPORT),
            "a packet is taken to be lost; it may have arrived later",
            "what is lost of what peers send, which they count",
            "PATH_PACKETS_SENT: the rate of both is the loss; beyond a few percent it is more than congestion"),

    /** Packets that cost the network twice. */
    PATH_PACKETS_RETRANSMITTED(
            new Named("weir.path.packets.retransmitted", Meter.Type.COUNTER, null, TRANSPORT),
            "something in a packet goes out again, as it is by then: the packet is taken to be lost, or nothing was acknowledged for too long",
            "lost probes of the path's size, and what is of no use any more",
            "PATH_PACKETS_LOST: many more than those are waiting for acknowledgements that come late"),

    /** Round trips of packets. */
    PATH_ROUND_TRIP(
            new Named("weir.path.round.trip", Meter.Type.TIMER, null, TRANSPORT),
            "a path is looked at: the smoothed round trip of its packets, without what the peer held its answers back",
            "what waits in queues of this node or the peer's",
            "ROUND_TRIP: what that is longer by, records wait at the two ends"),

    /** What queues on the way add. */
    PATH_QUEUEING(
            new Named("weir.path.queueing", Meter.Type.TIMER, null, TRANSPORT),
            "the same: what the smoothed round trip is longer than the shortest",
            "",
            "PATH_ROUND_TRIP: a large part of it is a queue somewhere on the way, which this node may fill itself"),

    /** What paths allow to be under way. */
    PATH_CONGESTION_WINDOW(
            new Named("weir.path.congestion.window", Meter.Type.GAUGE, "bytes", TRANSPORT),
            "now: what may be under way, all paths together",
            "",
            "SESSIONS, for the window of one; by PATH_ROUND_TRIP it is the rate that paths allow"),

    /** What is under way. */
    PATH_IN_FLIGHT(
            new Named("weir.path.in.flight", Meter.Type.GAUGE, "bytes", TRANSPORT),
            "now: what is under way and not acknowledged, all paths together",
            "that of QUIC, whose library does not tell",
            "PATH_CONGESTION_WINDOW: near to it the network holds this node back, far below it there is not more to send"),

    /** How fast paths may be sent on. */
    PATH_PACING(
            new Named("weir.path.pacing", Meter.Type.GAUGE, "bytes_per_second", TRANSPORT),
            "now: how fast packets may leave, all paths together",
            "bursts of QUIC, of which it is the congestion window by the round trip",
            "RECORD_BYTES sent: what does leave"),

    /** How large packets may be. */
    PATH_MTU(
            new Named("weir.path.mtu", Meter.Type.GAUGE, "bytes", TRANSPORT),
            "now: the smallest packet size of all paths; NaN without any",
            "",
            "1,200, which every path has to carry: one that stays there long carries no more, or lost what was larger"),

    // ---- ports of datagrams

    /** Datagrams each way. */
    DATAGRAMS(
            new Named("weir.datagrams", Meter.Type.COUNTER, null, DIRECTION),
            "a datagram is given to the system, or taken from it, at any port of the node, those of QUIC included; 0 without a transport of "
                    + "datagrams",
            "what the system loses, which `netstat -su` tells",
            "PATH_PACKETS_SENT; handshakes, acknowledgements and strangers are in it too"),

    /** Datagrams that did not go out. */
    DATAGRAMS_UNSENT(
            new Named("weir.datagrams.unsent", Meter.Type.COUNTER, null, REASON),
            "a datagram is not given to the system (`no_room`), or not taken by it (`too_large`, `failed`)",
            "what is lost on the way",
            "DATAGRAMS sent; some `too_large` are the search for the size of paths, `failed` is a missing route or a firewall"),

    /** Datagrams that nobody has use for. */
    DATAGRAMS_DROPPED(
            new Named("weir.datagrams.dropped", Meter.Type.COUNTER, null, REASON),
            "a datagram that came is dropped, and nothing but this count comes of it",
            "what the system drops before, and what QUIC's library drops without telling",
            "DATAGRAMS received: the network repeats and delays a few; many are somebody's attempt");

    private record Named(
            String name, Meter.Type type, @Nullable String unit, List<WeirTag> tags) {
        Named(String name, Meter.Type type, @Nullable String unit, WeirTag... tags) {
            this(name, type, unit, List.of(tags));
        }
    }

    private final Named named;
    private final String counts;
    private final String leavesOut;
    private final String against;

    WeirMeter(Named named, String counts, String leavesOut, String against) {
        this.named = named;
        this.counts = counts;
        this.leavesOut = leavesOut;
        this.against = against;
    }

    /** The name in Micrometer's spelling; registries make their own of it. */
    public String meterName() {
        return named.name();
    }

    /**
     * What kind of meter it is. The timers of requests are {@code FunctionTimer}s, which have no maximum; {@link
     * MeterOptions#eachRequest} makes {@link #REQUESTS} a {@code Timer}.
     */
    public Meter.Type type() {
        return named.type();
    }

    /** The base unit; null for a plain number, and for timers, whose unit is the registry's. */
    public @Nullable String unit() {
        return named.unit();
    }

    /** The keys of its tags, always all of them. */
    public List<WeirTag> tags() {
        return named.tags();
    }

    /** When it counts, or what it tells. */
    public String counts() {
        return counts;
    }

    /** When it does not, though one might think so; may be empty. */
    public String leavesOut() {
        return leavesOut;
    }

    /** What to read it against: other meters by their constants here, limits. */
    public String against() {
        return against;
    }
}
