package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops what claims to be a client's first packet and does not fill its datagram, before anything is kept or answered for it: "A
 * server MUST discard an Initial packet that is carried in a UDP datagram with a payload that is smaller than the smallest allowed
 * maximum datagram size of 1200 bytes" (RFC 9000 section 14.1). So no answer is longer than what was sent for it. Of a listener's
 * pipeline, before the codec, which does not look; one for each.
 */
final class ShortInitials extends ChannelInboundHandlerAdapter {

    /** Bytes of UDP payload that a client's datagram with an Initial packet has at the least. */
    static final int LEAST_BYTES = 1_200;

    /** The long header's form and its type, without the fixed bit, which may be anything (RFC 9287). */
    private static final int FORM_AND_TYPE = 0xB0;

    private static final int LONG_AND_INITIAL = 0x80;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof DatagramPacket packet && isShortInitial(packet.content())) {
            packet.release();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private static boolean isShortInitial(ByteBuf datagram) {
        return datagram.isReadable()
                && datagram.readableBytes() < LEAST_BYTES
                && (datagram.getByte(datagram.readerIndex()) & FORM_AND_TYPE) == LONG_AND_INITIAL;
    }
}
