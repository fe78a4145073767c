package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import io.weir.core.datagram.Drop;
import io.weir.core.handshake.RetryCookies;
import io.weir.reactive.transport.Inet;
import io.weir.reactive.transport.PortTally;
import java.net.InetSocketAddress;
import java.util.function.IntSupplier;

/**
 * The tokens of RETRY packets (RFC 9000 section 8.1): a {@link RetryCookies cookie} bound to the address and to the connection id
 * of the first packet, and behind it that id. Asked for where many handshakes are under way. Confined to the listener's loop.
 */
final class RetryTokens implements QuicTokenHandler {

    /** Handshakes under way above which an address has to be proved before anything is kept for it. */
    static final int THRESHOLD = 64;

    /** By Netty's convention. */
    private static final int REFUSED = -1;

    private final RetryCookies cookies;
    private final IntSupplier handshakes;
    private final PortTally tally;

    /**
     * Of one listener.
     *
     * @param handshakes how many are under way there
     * @param tally hears of tokens that are refused
     */
    RetryTokens(RetryCookies cookies, IntSupplier handshakes, PortTally tally) {
        this.cookies = cookies;
        this.handshakes = handshakes;
        this.tally = tally;
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress from) {
        if (handshakes.getAsInt() < THRESHOLD) {
            return false;
        }
        byte[] id = ByteBufUtil.getBytes(connectionId);
        out.writeBytes(cookies.make(Inet.path(from), id, System.nanoTime())).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress from) {
        boolean accepted = accepts(token, from);
        if (!accepted) {
            tally.dropped(Drop.COOKIE_REFUSED);
        }
        return accepted ? RetryCookies.LENGTH : REFUSED;
    }

    private boolean accepts(ByteBuf token, InetSocketAddress from) {
        if (token.readableBytes() <= RetryCookies.LENGTH || token.readableBytes() > maxTokenLength()) {
            return false;
        }
        int start = token.readerIndex();
        byte[] cookie = ByteBufUtil.getBytes(token, start, RetryCookies.LENGTH);
        byte[] id =
                ByteBufUtil.getBytes(token, start + RetryCookies.LENGTH, token.readableBytes() - RetryCookies.LENGTH);
        return cookies.accepts(cookie, Inet.path(from), id, System.nanoTime());
    }

    @Override
    public int maxTokenLength() {
        return RetryCookies.LENGTH + Quic.MAX_CONN_ID_LEN;
    }
}
