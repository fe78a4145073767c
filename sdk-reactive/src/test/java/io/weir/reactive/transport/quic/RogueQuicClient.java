package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamType;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer of a node that says over QUIC what it likes, in which streams it likes, and ends and resets them as it likes. It proves
 * who it is, and never answers by itself. For tests of other modules too, which know nothing of Netty. One thread at a time.
 */
public final class RogueQuicClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] END = new byte[0];

    private final Identity identity = Identity.generate();
    private final ForgedPackets forged = new ForgedPackets();

    /** Its producers take no lock: what BlockHound throws at one would be lost, with what was heard. */
    private final BlockingQueue<byte[]> heard = new LinkedTransferQueue<>();

    private final List<QuicStreamChannel> opened = new ArrayList<>();

    /** The node's, in the order in which they came. */
    private final List<QuicStreamChannel> came = new CopyOnWriteArrayList<>();

    private final RawQuicClient client;
    private boolean closed;

    /**
     * Connects to a node.
     *
     * @param datagrams whether it takes any
     */
    public RogueQuicClient(PeerAddress node, boolean datagrams) {
        client = new RawQuicClient(
                node,
                TestCertificates.client(
                        QuicTls.PROTOCOL, forged, TestCertificates.key(identity), TestCertificates.of(identity)),
                PATIENCE,
                this::onStream,
                datagrams);
        client.refused().whenComplete((closed, failure) -> heard.add(END));
    }

    private void onStream(QuicStreamChannel stream) {
        came.add(stream);
        stream.pipeline().addLast(new Blocks());
    }

    /** Who it proves to be. */
    public PeerId id() {
        return identity.peerId();
    }

    // ---- saying

    /** Opens a stream that begins with this byte; its number, from 0 on. */
    public int open(int type) {
        opened.add(client.open(type));
        return opened.size() - 1;
    }

    /** One that begins with nothing. */
    public int open() {
        opened.add(client.connection()
                .createStream(QuicStreamType.UNIDIRECTIONAL, null)
                .syncUninterruptibly()
                .getNow());
        return opened.size() - 1;
    }

    /** Frames as one block in that stream. */
    public void block(int stream, byte[] frames) {
        ByteBuf block = Unpooled.buffer().writeShort(frames.length).writeBytes(frames);
        opened.get(stream).writeAndFlush(block).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** Bytes as they are. */
    public void bytes(int stream, byte[] bytes) {
        opened.get(stream).writeAndFlush(Unpooled.copiedBuffer(bytes)).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** FIN, behind all that was said there. */
    public void fin(int stream) {
        opened.get(stream).writeAndFlush(QuicStreamFrame.EMPTY_FIN).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** RESET_STREAM. */
    public void reset(int stream) {
        opened.get(stream).shutdownOutput(7).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** STOP_SENDING of the node's stream of that number, from 0 on in the order in which they came. */
    public void stop(int number) {
        came.get(number).shutdownInput(7).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** How many streams of the node's have come. */
    public int came() {
        return came.size();
    }

    /** Frames as one DATAGRAM. */
    public void datagram(byte[] frames) {
        client.connection().writeAndFlush(Unpooled.copiedBuffer(frames)).awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** Frames of QUIC, 4 bytes at least, in a packet that its own stack would not send, and knows nothing of. */
    public void forge(byte[] frames) {
        String id = String.valueOf(client.connection().remoteAddress()); // told in no other way
        byte[] connectionId = HexFormat.of().parseHex(id.substring(id.indexOf('=') + 1, id.indexOf('}')));
        client.send(forged.datagram(connectionId, frames));
    }

    /** With which error of QUIC, not of the application, the node has ended the connection. */
    public int error() {
        QuicConnectionCloseEvent closed = closedByNode();
        if (closed.isApplicationClose()) {
            throw new AssertionError("closed with the application's code " + closed.error());
        }
        return closed.error();
    }

    /** Whether the node has closed the connection as one that is over. */
    public boolean isClosedInOrder() {
        QuicConnectionCloseEvent closed = closedByNode();
        return closed.isApplicationClose() && closed.error() == 0;
    }

    private QuicConnectionCloseEvent closedByNode() {
        return client.refused()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** How many streams more the node allows, of the kind that is used and of the other. */
    public long allowed(boolean unidirectional) {
        return client.connection()
                .peerAllowedStreams(unidirectional ? QuicStreamType.UNIDIRECTIONAL : QuicStreamType.BIDIRECTIONAL);
    }

    // ---- hearing

    /** The frames of the node's next block, in whatever stream; null when it has ended the connection. */
    public byte @Nullable [] next() {
        try {
            byte[] block = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (block == null) {
                throw new AssertionError("the node said nothing for " + PATIENCE);
            }
            return block == END ? null : block;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            client.close();
        }
    }

    /** Cuts one of the node's streams. */
    private final class Blocks extends ByteToMessageDecoder {
        private boolean begun;

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (!begun) {
                begun = true;
                in.skipBytes(1); // its type
            }
            while (in.readableBytes() >= Short.BYTES
                    && in.readableBytes() >= Short.BYTES + in.getUnsignedShort(in.readerIndex())) {
                byte[] block = new byte[in.readUnsignedShort()];
                in.readBytes(block);
                heard.add(block);
            }
        }
    }
}
