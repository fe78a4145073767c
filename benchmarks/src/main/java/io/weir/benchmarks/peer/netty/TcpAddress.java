package io.weir.benchmarks.peer.netty;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Where a TCP benchmark server listens: {@code 127.0.0.1:port}, with {@code #fingerprint} behind it if it speaks TLS.
 *
 * @param port the bound port
 * @param fingerprint SHA-256 of the server's certificate in hexadecimal, empty without TLS
 */
public record TcpAddress(int port, String fingerprint) {
    /** The only address benchmarks bind. */
    public static final String HOST = "127.0.0.1";

    /** The address of a bound server. */
    public static TcpAddress of(SocketAddress bound, String fingerprint) {
        return new TcpAddress(((InetSocketAddress) bound).getPort(), fingerprint);
    }

    /** The inverse of {@link #toString()}. */
    public static TcpAddress parse(String text) {
        int colon = text.indexOf(':');
        int hash = text.indexOf('#');
        int portEnd = hash < 0 ? text.length() : hash;
        return new TcpAddress(
                Integer.parseInt(text.substring(colon + 1, portEnd)), hash < 0 ? "" : text.substring(hash + 1));
    }

    /** The TLS protocol and cipher suite of a connected channel, empty if it is plain. */
    public static String negotiated(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return Tls.negotiated(handler == null ? null : handler.engine());
    }

    @Override
    public String toString() {
        return HOST + ":" + port + (fingerprint.isEmpty() ? "" : "#" + fingerprint);
    }
}
