package io.weir.reactive.transport.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import io.weir.core.peer.AddressFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Asks recursive DNS servers, over UDP, and over TCP what does not fit there. A server that does not answer within 2 s, or
 * not to the point, is followed by the next, up to three questions. Has one daemon thread, which ends with {@link #dispose}.
 */
public final class NettyDnsLookup implements DnsLookup {

    private static final int QUERY_TIMEOUT_MILLIS = 2_000;
    private static final int MORE_TRIES = 2;

    private final LoopResources loops = LoopResources.create("weir-dns", 1, true);
    private final DnsNameResolver resolver;

    private NettyDnsLookup(List<InetSocketAddress> servers) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(
                        loops.onClient(false).next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS);
        if (!servers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
        }
        resolver = builder.build();
    }

    /** Asks these servers, those of the system where there are none. */
    public static DnsLookup at(List<InetSocketAddress> servers) {
        return new NettyDnsLookup(servers);
    }

    @Override
    public Mono<DnsAnswer<InetAddress>> addresses(String name, AddressFamily family) {
        return ask(name, family == AddressFamily.IPV6 ? DnsRecordType.AAAA : DnsRecordType.A, NettyDnsLookup::address);
    }

    @Override
    public Mono<DnsAnswer<DnsService>> services(String service) {
        return ask(service, DnsRecordType.SRV, NettyDnsLookup::service);
    }

    @Override
    public void dispose() {
        resolver.close();
        loops.dispose();
    }

    private <T> Mono<DnsAnswer<T>> ask(String name, DnsRecordType type, Decoder<T> decoder) {
        return Mono.<DnsAnswer<T>>create(sink -> {
                    Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked =
                            resolver.query(new DefaultDnsQuestion(name, type));
                    asked.addListener(done -> {
                        if (!done.isSuccess()) {
                            sink.error(done.cause());
                            return;
                        }
                        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = asked.getNow();
                        try {
                            sink.success(answer(envelope.content(), name, type, decoder));
                        } catch (IOException | RuntimeException e) {
                            sink.error(e);
                        } finally {
                            envelope.release();
                        }
                    });
                })
                .retry(MORE_TRIES);
    }

    private static <T> DnsAnswer<T> answer(DnsResponse response, String name, DnsRecordType type, Decoder<T> decoder)
            throws IOException {
        DnsResponseCode code = response.code();
        boolean none = code.equals(DnsResponseCode.NXDOMAIN);
        if (!none && !code.equals(DnsResponseCode.NOERROR)) {
            throw new DnsRefusalException(code.toString(), type.name() + " of " + name);
        }
        if (response.isTruncated()) {
            // Netty has asked again over TCP, in vain, and takes the part for the whole.
            throw new DnsRefusalException("TRUNCATED", type.name() + " of " + name);
        }
        List<T> records = new ArrayList<>();
        long timeToLiveSeconds = Long.MAX_VALUE;
        for (int i = 0; !none && i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            // a CNAME on the way, whose target the server has followed, limits the time too
            timeToLiveSeconds = Math.min(timeToLiveSeconds, record.timeToLive());
            T decoded = record.type().equals(type) && record instanceof DnsRawRecord raw
                    ? decoder.decode(raw.content())
                    : null;
            if (decoded != null) {
                records.add(decoded);
            }
        }
        return new DnsAnswer<>(records, Duration.ofSeconds(records.isEmpty() ? 0 : timeToLiveSeconds));
    }

    private static InetAddress address(ByteBuf content) throws UnknownHostException {
        byte[] bytes = new byte[content.readableBytes()];
        content.getBytes(content.readerIndex(), bytes);
        return InetAddress.getByAddress(bytes);
    }

    /** "The format of the SRV RR": priority, weight and port, 16 bits each, then the target. */
    private static DnsService service(ByteBuf content) {
        ByteBuf fields = content.duplicate();
        if (fields.readableBytes() < 7) {
            throw new CorruptedFrameException("an SRV record of " + fields.readableBytes() + " bytes");
        }
        int priority = fields.readUnsignedShort();
        int weight = fields.readUnsignedShort();
        int port = fields.readUnsignedShort();
        String target = DefaultDnsRecordDecoder.decodeName(fields);
        return new DnsService(target.substring(0, target.length() - 1), port, priority, weight);
    }

    @FunctionalInterface
    private interface Decoder<T> {
        @Nullable
        T decode(ByteBuf content) throws IOException;
    }
}
