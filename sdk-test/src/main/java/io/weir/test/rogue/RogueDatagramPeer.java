package io.weir.test.rogue;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketOpener;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.identity.PeerId;
import io.weir.core.reliability.AckRanges;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.SessionFrame;
import io.weir.test.network.DatagramEndpoint;
import io.weir.test.network.SimulatedNetwork;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RoguePeer} that speaks datagrams: it can do the handshake as well as any, and then sends and withholds whatever a test
 * wants, in any order and as often as it wants: any bytes, packets of any frames and numbers, FEEDBACK that is true, false or
 * missing. It never answers by itself, and sends nothing again.
 *
 * <pre>{@code
 * try (RogueDatagramPeer rogue = RogueDatagramPeer.bound(network, "rogue", 4_001).to("victim", 4_000).session()) {
 *     byte[] packet = rogue.sealed(RogueFrames.plaintext(new SessionFrame.Ping(1)));
 *     rogue.send(packet);
 *     rogue.send(packet); // a replay
 *     rogue.send(RogueFrames.feedback(0, 1_000_000)); // of packets that were never sent
 *     assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
 * }
 * }</pre>
 *
 * <p>It dials, once it has been told {@link #to whom}, or is dialled. It is on a {@link SimulatedNetwork}, on a host of its own; no
 * call lets time pass, and everything follows from the network's seed. Of what comes and is not read it keeps 1,024 packets and as
 * many other datagrams; more is lost. What cannot be had is an {@link AssertionError}.
 *
 * <p>Thread: the network's.
 */
public final class RogueDatagramPeer implements AutoCloseable {

    private final SimulatedNetwork network;
    private final DatagramEndpoint endpoint;
    private final HandshakeConfig config;
    private final RandomBytes random;
    private final DropCounts drops = new DropCounts();
    private final RogueInbox inbox;
    private final RogueEar ear = new RogueEar();
    private final AckRanges arrived = new AckRanges(AckRanges.MOST);

    private boolean dials;
    private @Nullable String toHost;
    private int toPort;
    private @Nullable RogueMeeting meeting;
    private @Nullable Established established;
    private @Nullable PacketSealer sealer;
    private @Nullable PacketOpener opener;
    private @Nullable Hello heardHello;
    private long bytesSaid;

    private RogueDatagramPeer(
            SimulatedNetwork network, DatagramEndpoint endpoint, HandshakeConfig config, RandomBytes random) {
        this.network = network;
        this.endpoint = endpoint;
        this.config = config;
        this.random = random;
        this.inbox = new RogueInbox(endpoint);
    }

    /** At a free port of a host on which no node is, as anybody; nothing said yet. */
    public static RogueDatagramPeer bound(SimulatedNetwork network, String host, int port) {
        return bound(network, host, port, RoguePeer.anybody(randomness(network, host)));
    }

    /** The same with an identity, expectations and a network key of the test's own. */
    public static RogueDatagramPeer bound(SimulatedNetwork network, String host, int port, HandshakeConfig config) {
        return new RogueDatagramPeer(network, network.datagrams(host, port), config, randomness(network, host));
    }

    private static RandomBytes randomness(SimulatedNetwork network, String host) {
        return network.randomness("rogue peers at " + host);
    }

    /** Sends there from now on, and dials there. Without it, it is dialled, and sends to whoever has dialled last. */
    public RogueDatagramPeer to(String host, int port) {
        dials = true;
        toHost = host;
        toPort = port;
        return this;
    }

    /** Who it proves to be. */
    public PeerId id() {
        return config.identity().peerId();
    }

    /** Where it is: the host's address at this moment. */
    public String host() {
        return endpoint.host();
    }

    /** The port of its host. */
    public int port() {
        return endpoint.port();
    }

    // ---- handshake

    /** The INIT of a new attempt, not sent. What came of an earlier attempt is given up. */
    public byte[] init() {
        meeting = RogueMeeting.dialling(config, random, drops, network.nowNanos());
        return Objects.requireNonNull(meeting.next(network.nowNanos()));
    }

    /**
     * What an honest peer sends in answer to what has come, not sent: behind {@link #init} the INIT with the cookie of a RETRY, or
     * FINISH, and with it the keys are there; for who is dialled, RESPONSE or RETRY.
     *
     * @throws AssertionError if nothing came that has an answer
     */
    public byte[] reply() {
        network.settle();
        byte[] next = replyOrNull();
        if (next == null) {
            throw new AssertionError("nothing came that has an answer; " + meeting);
        }
        return next;
    }

    private byte @Nullable [] replyOrNull() {
        RogueMeeting current = meeting();
        RogueInbox.Arrived datagram;
        while ((datagram = inbox.pollOther()) != null) {
            byte[] next = current.receive(datagram, network.nowNanos());
            if (current.isResponding()) {
                toHost = datagram.host();
                toPort = datagram.port();
            }
            if (current.established() != null) {
                begin(current);
            }
            if (next != null || current.established() != null) {
                return next;
            }
        }
        return null;
    }

    private RogueMeeting meeting() {
        RogueMeeting current = meeting;
        if (current == null) {
            current = RogueMeeting.dialled(config, random, drops);
            meeting = current;
        }
        return current;
    }

    private void begin(RogueMeeting done) {
        Established keys = Objects.requireNonNull(done.established());
        established = keys;
        sealer = new PacketSealer(keys.sending(), done.peerIndex());
        opener = new PacketOpener(keys.receiving(), drops);
    }

    /** A genuine handshake, without HELLO. */
    public RogueDatagramPeer handshake() {
        if (dials) {
            send(init());
        }
        while (established == null) {
            network.settle();
            byte[] next = replyOrNull();
            if (next != null) {
                send(next);
            } else if (established == null) {
                throw new AssertionError("the node goes on with no handshake; " + meeting);
            }
        }
        return this;
    }

    /** A genuine handshake and HELLO, and the node's HELLO: from here on the node holds a session. */
    public RogueDatagramPeer session() {
        return session(Hello.defaults());
    }

    /** The same, with what this HELLO claims. */
    public RogueDatagramPeer session(Hello hello) {
        handshake();
        send(hello);
        heardHello = await(Hello.class);
        return this;
    }

    /** The HELLO that {@link #session} heard: what the node allows at first. */
    public Hello hello() {
        return Objects.requireNonNull(heardHello, "no session yet");
    }

    /** By which the node finds this session. */
    public int nodeIndex() {
        return meeting().peerIndex();
    }

    /** By which this finds it: what the node puts into its packets. */
    public int ownIndex() {
        return meeting().ownIndex();
    }

    // ---- saying

    /** Any bytes, as one datagram. */
    public void send(byte[] datagram) {
        sendTo(datagram, Objects.requireNonNull(toHost, "no node yet"), toPort);
    }

    /** Any bytes, as one datagram to anywhere. */
    public void sendTo(byte[] datagram, String host, int port) {
        bytesSaid += datagram.length;
        endpoint.send(ByteBuffer.wrap(datagram), host, port);
        network.settle();
    }

    /** Any bytes, as one datagram to the node that says that it comes from there; an answer goes there. */
    public void forge(byte[] datagram, String fromHost, int fromPort) {
        bytesSaid += datagram.length;
        endpoint.forge(
                fromHost, fromPort, ByteBuffer.wrap(datagram), Objects.requireNonNull(toHost, "no node yet"), toPort);
        network.settle();
    }

    /** One packet of these frames. */
    public void send(Frame... frames) {
        sendPlaintext(RogueFrames.plaintext(frames));
    }

    /** One packet of any plaintext. */
    public void sendPlaintext(byte[] plaintext) {
        send(sealed(plaintext));
    }

    /** The next packet, not sent. Packets that are made one after the other may be sent in any order, or never. */
    public byte[] sealed(byte[] plaintext) {
        return sealedAs(nextNumber(), plaintext);
    }

    /** A packet with that number: higher than all that were made before, and at most 2^20 ahead. Not sent. */
    public byte[] sealedAs(long number, byte[] plaintext) {
        byte[] packet = new byte[plaintext.length + PacketSealer.OVERHEAD];
        int length =
                Objects.requireNonNull(sealer, "no handshake yet").seal(number, plaintext, 0, plaintext.length, packet);
        return Arrays.copyOf(packet, length);
    }

    /** The number of the next packet that is made. */
    public long nextNumber() {
        return Objects.requireNonNull(established, "no handshake yet").sending().nextNumber();
    }

    /** The true FEEDBACK of every packet that was read. */
    public Feedback feedback() {
        return arrived.feedback(AckRanges.MOST, network.nowNanos());
    }

    // ---- hearing

    /** The node's next frame, or null if there is none now. What repeats, or does not open, is skipped. */
    public @Nullable Frame next() {
        return ear.next(this::nextPacket);
    }

    private boolean nextPacket() {
        network.settle();
        PacketOpener opening = Objects.requireNonNull(opener, "no handshake yet");
        RogueInbox.Arrived packet;
        while ((packet = inbox.pollPacket()) != null) {
            byte[] frames = new byte[Math.max(1, packet.bytes().length)];
            int length = opening.open(packet.bytes(), packet.bytes().length, frames);
            if (length > 0) {
                arrived.onReceived(opening.number(), network.nowNanos());
                ear.hear(frames, length);
                return true;
            }
        }
        return false;
    }

    /** The frames that have come by now. */
    public List<Frame> heard() {
        return ear.all(this::nextPacket);
    }

    /** The node's next frame of a kind; others are skipped. */
    public <F extends Frame> F await(Class<F> kind) {
        return ear.await(kind, this::nextPacket);
    }

    /** The code of the node's END. */
    public ErrorCode awaitEnd() {
        return ErrorCode.of(await(SessionFrame.End.class).code());
    }

    /** The highest packet number that was read; -1 before the first. */
    public long highestHeard() {
        return opener == null ? -1 : opener.highestNumber();
    }

    /** The packets that have come, unopened; they are not heard again. */
    public List<byte[]> packets() {
        network.settle();
        return inbox.takePackets();
    }

    /** The datagrams that have come and are of no session: answers to INIT, and whatever else; they are not heard again. */
    public List<byte[]> answers() {
        network.settle();
        return inbox.takeOthers();
    }

    /** The only one of {@link #answers}. */
    public byte[] answer(DatagramType type) {
        List<byte[]> all = answers();
        if (all.size() != 1 || RogueDatagrams.type(all.get(0)) != type.number()) {
            throw new AssertionError("the node did not answer with one " + type + ", but with " + all.size());
        }
        return all.get(0);
    }

    /** Bytes of all datagrams that have come here, read or not. */
    public long bytesHeard() {
        return inbox.bytes();
    }

    /** Bytes of all datagrams that it has sent. */
    public long bytesSaid() {
        return bytesSaid;
    }

    /** Falls silent, without END. */
    @Override
    public void close() {
        endpoint.close();
        if (established != null) {
            established.sending().close();
            established.receiving().close();
        }
    }
}
