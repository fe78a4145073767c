package io.weir.core.handshake;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.KeyedMac;
import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.NetworkBuckets;
import io.weir.core.datagram.PacketHeader;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.list.IntrusiveList;
import io.weir.core.map.LongMap;
import io.weir.core.path.PathAddress;
import io.weir.core.schedule.RateMeter;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes over datagrams that others begin with this node, all of one port (PROTOCOL sections 1 and 2).
 *
 * <pre>
 *   INIT --&gt; this version? a suite of ours? --no--&gt; REJECT
 *              | yes
 *            begun already? --yes--&gt; the same RESPONSE again
 *              | no
 *            many half-open, or too often? --yes--&gt; no cookie: RETRY; a false one: nothing
 *              | no, or a cookie of this address and handshake
 *            with a cookie, not too often, a place free? --no--&gt; REJECT
 *              | yes
 *            key agreement --&gt; RESPONSE, and a HalfOpen is kept ---- FINISH ----&gt; Arrival
 *                                                          \---- time-out ---&gt; gone
 * </pre>
 *
 * <p>It never speaks first: each datagram has at most one answer, of less than a fifth of its size, and nothing is sent again
 * unless it is asked for again. What it keeps is bounded by {@link ResponderLimits}. It never touches a session: what repeats an
 * INIT gets what the first got or a handshake of its own. Loop-confined.
 */
public final class DatagramResponder {
    private static final int NETWORK_OF_IPV6 = 8;

    /** A FINISH that begins well costs a key agreement, and copies of it can be altered: so many are tried, and one each second. */
    private static final int TRIES = 8;

    private static final long TRY_NANOS = 1_000_000_000L;

    private final HandshakeConfig config;
    private final ResponderLimits limits;
    private final ReceiverIndexes<? super HalfOpen> indexes;
    private final RandomBytes random;
    private final DropCounts drops;

    private final RetryCookies cookies;
    private final KeyedMac identifier;
    private final LongMap<HalfOpen> byInit;
    private @Nullable ErrorCode rejection;
    private final long rateSeed;
    private @Nullable NetworkBuckets rate; // of handshakes that were completed; made when the first message comes
    private final IntrusiveList<HalfOpen> byAge = new IntrusiveList<>();
    private final Map<Bytes, Integer> byNetwork = new HashMap<>();

    /**
     * With nothing under way.
     *
     * @param indexes of the port, shared with whatever else receives there
     */
    public DatagramResponder(
            HandshakeConfig config,
            ResponderLimits limits,
            ReceiverIndexes<? super HalfOpen> indexes,
            RandomBytes random,
            DropCounts drops) {
        this.config = config;
        this.limits = limits;
        this.indexes = indexes;
        this.random = random;
        this.drops = drops;
        this.cookies = new RetryCookies(random);
        this.identifier = KeyedMac.generate(random);
        this.byInit = new LongMap<>(random.nextLong());
        this.rateSeed = random.nextLong();
    }

    /** A datagram of type INIT has come, from position 0 on. Returns what goes back to where it came from, or null. */
    public byte @Nullable [] onInit(byte[] datagram, int length, PathAddress from, long nowNanos) {
        expire(nowNanos);
        rejection = null;
        if (length < Init.LENGTH) {
            return drop(Drop.TRUNCATED); // whatever its version: what is sent back must be less
        }
        ErrorCode unsupported = unsupported(datagram);
        if (unsupported != null) {
            return reject(Init.senderIndex(datagram), unsupported);
        }
        Init init = length == Init.LENGTH ? Init.read(datagram) : null;
        if (init == null) {
            return drop(Drop.MALFORMED);
        }
        long initId = identify(from, init);
        HalfOpen known = byInit.get(initId);
        if (known != null) {
            known.answeredAgain = true;
            return known.response.clone();
        }
        boolean proved = cookies.accepts(init.cookie(), from, init.cookieBinding(), nowNanos);
        boolean tooOften = !rate(nowNanos).hasOne(from, nowNanos);
        if (!proved && (tooOften || byAge.size() >= limits.cookieThreshold())) {
            return init.cookie().length == 0
                    ? HandshakeDatagrams.retry(init.senderIndex(), cookies.make(from, init.cookieBinding(), nowNanos))
                    : drop(Drop.COOKIE_REFUSED); // another RETRY would not be honoured
        }
        if (tooOften) {
            return reject(init.senderIndex(), ErrorCode.TOO_MANY_CONNECTS);
        }
        Bytes network = proved ? network(from) : null;
        if (network != null && !hasPlace(network)) {
            return reject(init.senderIndex(), ErrorCode.TOO_MANY_HANDSHAKES);
        }
        return agree(new HalfOpen(from, network, init, begin(init), nowNanos), initId, init);
    }

    /**
     * A datagram of type FINISH has come, from position 0 on. Returns who has come by it, or whom it shows to be refused; null if
     * it was dropped.
     */
    public @Nullable Arrival onFinish(byte[] datagram, int length, PathAddress from, long nowNanos) {
        expire(nowNanos);
        if (length != HandshakeDatagrams.FINISH_LENGTH) {
            return dropped(length < HandshakeDatagrams.FINISH_LENGTH ? Drop.TRUNCATED : Drop.MALFORMED);
        }
        if (!HandshakeDatagrams.isWhole(datagram, HandshakeDatagrams.FINISH_HEADER)) {
            return dropped(Drop.MALFORMED);
        }
        Object owner = indexes.owner(PacketHeader.receiverIndex(datagram));
        if (!(owner instanceof HalfOpen halfOpen) || !byAge.contains(halfOpen)) {
            return dropped(owner == null ? Drop.UNKNOWN_INDEX : Drop.LATE);
        }
        if (!from.equals(halfOpen.from)) {
            return dropped(Drop.OTHER_ADDRESS); // a copy sent from elsewhere must not draw the session there
        }
        if (halfOpen.failures >= TRIES + (nowNanos - halfOpen.startedAtNanos) / TRY_NANOS) {
            return dropped(Drop.NOT_AUTHENTIC);
        }
        return read(halfOpen, datagram, nowNanos);
    }

    /** Lets those go that have waited for too long; returns how many. A timer at {@link #deadlineNanos()} frees their memory. */
    public int expire(long nowNanos) {
        int expired = 0;
        for (HalfOpen oldest = byAge.first(); oldest != null; oldest = byAge.first()) {
            if (nowNanos - oldest.startedAtNanos < limits.timeoutNanos()) {
                break;
            }
            forget(oldest);
            indexes.release(oldest.ownIndex);
            expired++;
        }
        return expired;
    }

    /** Lets all go that are half-open: nobody is to come any more. */
    public void forgetAll() {
        for (HalfOpen first = byAge.first(); first != null; first = byAge.first()) {
            forget(first);
            indexes.release(first.ownIndex);
        }
    }

    /** When the next will have waited for too long; {@link Long#MAX_VALUE} if none waits. */
    public long deadlineNanos() {
        HalfOpen oldest = byAge.first();
        return oldest == null ? Long.MAX_VALUE : oldest.startedAtNanos + limits.timeoutNanos();
    }

    /** What the last {@link #onInit} has answered by a REJECT; null if it has answered something else, or nothing. */
    public @Nullable ErrorCode rejection() {
        return rejection;
    }

    /** How many are half-open. */
    public int halfOpen() {
        return byAge.size();
    }

    /** Only who has completed a handshake is counted: nobody can use up what another's address may. */
    private NetworkBuckets rate(long nowNanos) {
        NetworkBuckets known = rate;
        if (known == null) {
            RateMeter meter = RateMeter.of(limits.maxPerSecond(), limits.maxPerSecond());
            known = new NetworkBuckets(meter, rateSeed, nowNanos);
            rate = known;
        }
        return known;
    }

    private @Nullable ErrorCode unsupported(byte[] datagram) {
        if (Init.version(datagram) != Preamble.VERSION) {
            return ErrorCode.VERSION_UNSUPPORTED;
        }
        byte suite = Init.suite(datagram);
        boolean ours = Preamble.suite(suite) != null && Preamble.hasPsk(suite) == (config.networkKey() != null);
        return ours ? null : ErrorCode.SUITE_UNSUPPORTED;
    }

    private KeyExchange begin(Init init) {
        byte[] prologue = init.prologue();
        CipherSuite suite = Preamble.suite(Init.suite(prologue));
        if (suite == null) {
            throw new IllegalStateException("the suite has been looked at");
        }
        return KeyExchange.begin(Role.RESPONDER, config, suite, prologue, random);
    }

    private byte @Nullable [] agree(HalfOpen fresh, long initId, Init init) {
        KeyExchange exchange = fresh.exchange;
        if (exchange.read(init.message(exchange.messageLength())) != null) {
            exchange.destroy();
            return drop(Drop.NOT_AUTHENTIC);
        }
        fresh.ownIndex = indexes.claim(fresh);
        if (fresh.ownIndex == ReceiverIndexes.NONE) {
            exchange.destroy();
            return drop(Drop.NO_PLACE);
        }
        byte[] header = HandshakeDatagrams.responseHeader(fresh.peerIndex, fresh.ownIndex);
        exchange.bind(header);
        byte[] message = exchange.write();
        if (message == null) {
            exchange.destroy();
            indexes.release(fresh.ownIndex);
            return drop(Drop.NOT_AUTHENTIC); // an ephemeral key of small order
        }
        fresh.response = HandshakeDatagrams.join(header, message);
        fresh.initId = initId;
        byInit.put(initId, fresh);
        byAge.add(fresh);
        if (fresh.provedNetwork != null) {
            byNetwork.merge(fresh.provedNetwork, 1, Integer::sum);
        }
        return fresh.response.clone();
    }

    private @Nullable Arrival read(HalfOpen halfOpen, byte[] finish, long nowNanos) {
        KeyExchange attempt = halfOpen.exchange.copy();
        attempt.bind(Arrays.copyOf(finish, HandshakeDatagrams.FINISH_HEADER));
        CloseReason refused = attempt.read(
                Arrays.copyOfRange(finish, HandshakeDatagrams.FINISH_HEADER, HandshakeDatagrams.FINISH_LENGTH));
        if (!attempt.isAuthentic()) {
            boolean began = attempt.keysAgreed(3);
            halfOpen.failures += began ? 1 : 0;
            attempt.destroy();
            return dropped(began && config.networkKey() != null ? Drop.NETWORK_KEY : Drop.NOT_AUTHENTIC);
        }
        forget(halfOpen);
        Arrival arrival;
        rate(nowNanos).take(halfOpen.from, nowNanos);
        if (refused == null) {
            arrival = new Arrival.Proved(
                    attempt.establish(),
                    halfOpen.ownIndex,
                    halfOpen.peerIndex,
                    halfOpen.from,
                    halfOpen.answeredAgain ? 0 : nowNanos - halfOpen.startedAtNanos); // Karn's rule
        } else {
            indexes.release(halfOpen.ownIndex);
            arrival = new Arrival.Refused(halfOpen.from, refused);
        }
        attempt.destroy();
        return arrival;
    }

    private void forget(HalfOpen halfOpen) {
        byAge.remove(halfOpen);
        byInit.remove(halfOpen.initId);
        halfOpen.exchange.destroy();
        if (halfOpen.provedNetwork != null) {
            byNetwork.computeIfPresent(halfOpen.provedNetwork, (network, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Of a source whose address is proved; below the threshold there always is a place, since that is not above the bound. */
    private boolean hasPlace(Bytes network) {
        return byAge.size() < limits.maxHalfOpen() && byNetwork.getOrDefault(network, 0) < limits.maxPerNetwork();
    }

    /** Names a handshake for this node alone, so that nobody can choose initiations that meet in one place of the map. */
    private long identify(PathAddress from, Init init) {
        byte[] ip = from.ip().toByteArray();
        byte[] message = init.message(KeyExchange.messageLength(0, config.networkKey() != null));
        byte[] named = ByteBuffer.allocate(1 + ip.length + Short.BYTES + Init.PROLOGUE_LENGTH + message.length)
                .put((byte) ip.length)
                .put(ip)
                .putShort((short) from.port())
                .put(init.prologue())
                .put(message)
                .array();
        return ByteBuffer.wrap(identifier.compute(named, Long.BYTES)).getLong();
    }

    private static Bytes network(PathAddress address) {
        byte[] ip = address.ip().toByteArray();
        return Bytes.copyOf(ip, 0, Math.min(ip.length, NETWORK_OF_IPV6));
    }

    private byte[] reject(int receiverIndex, ErrorCode why) {
        rejection = why;
        return HandshakeDatagrams.reject(receiverIndex, Reject.of(why));
    }

    private byte @Nullable [] drop(Drop reason) {
        drops.add(reason);
        return null;
    }

    private @Nullable Arrival dropped(Drop reason) {
        drops.add(reason);
        return null;
    }
}
