package io.weir.reactive.transport.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.weir.reactive.transport.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server on a free port of the loopback interface that says what the test has told it to, over UDP and TCP. What has
 * more than {@value #MAX_UDP_RECORDS} records is cut off over UDP, with the bit TC.
 */
public final class DnsServer implements AutoCloseable {

    static final int MAX_UDP_RECORDS = 75;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<Row>> rows = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger askedOverTcp = new AtomicInteger();
    private final Channel channel;
    private final Channel tcp;
    private volatile DnsResponseCode failure = DnsResponseCode.NOERROR;
    private volatile boolean silent;

    public DnsServer() {
        InetSocketAddress at = new InetSocketAddress("127.0.0.1", freePort());
        tcp = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<NioSocketChannel>() {
                    @Override
                    protected void initChannel(NioSocketChannel made) {
                        made.pipeline()
                                .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new TcpAnswers());
                    }
                })
                .bind(at)
                .syncUninterruptibly()
                .channel();
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<NioDatagramChannel>() {
                    @Override
                    protected void initChannel(NioDatagramChannel made) {
                        made.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Answers());
                    }
                })
                .bind(at)
                .syncUninterruptibly()
                .channel();
    }

    private static int freePort() {
        try {
            return FreePort.ofBoth();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Questions that have come. */
    public int asked() {
        return asked.get();
    }

    /** Those of them that have come over TCP. */
    public int askedOverTcp() {
        return askedOverTcp.get();
    }

    /** Is not there over TCP from now on. */
    public void endsTcp() {
        tcp.close().syncUninterruptibly();
    }

    /** Replaces what a name has of a type. */
    public DnsServer has(String name, DnsRecordType type, int timeToLiveSeconds, byte[]... contents) {
        List<Row> list = new ArrayList<>();
        for (byte[] content : contents) {
            list.add(new Row(type, timeToLiveSeconds, content));
        }
        rows.put(type.name() + " " + name + ".", list);
        return this;
    }

    /** Fails every question from now on; with NOERROR it answers again. */
    public void fails(DnsResponseCode code) {
        failure = code;
    }

    /** Answers nothing from now on. */
    public void falls() {
        silent = true;
    }

    /** So many addresses of IPv4, all different; fewer than 251. */
    public static byte[][] ips(int count) {
        byte[][] contents = new byte[count][];
        for (int i = 0; i < count; i++) {
            contents[i] = ip("192.0.2." + (i + 1));
        }
        return contents;
    }

    public static byte[] ip(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The content of an SRV record (RFC 2782). */
    public static byte[] srv(int priority, int weight, int port, String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(6)
                .putShort((short) priority)
                .putShort((short) weight)
                .putShort((short) port)
                .array());
        for (String label : target.isEmpty() ? new String[0] : target.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    @Override
    public void close() {
        tcp.close().syncUninterruptibly();
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private record Row(DnsRecordType type, int timeToLiveSeconds, byte[] content) {}

    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            asked.incrementAndGet();
            if (silent) {
                return;
            }
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            fill(response, query.recordAt(DnsSection.QUESTION), MAX_UDP_RECORDS);
            context.writeAndFlush(response);
        }
    }

    private final class TcpAnswers extends SimpleChannelInboundHandler<DnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
            askedOverTcp.incrementAndGet();
            DefaultDnsResponse response = new DefaultDnsResponse(query.id());
            fill(response, query.recordAt(DnsSection.QUESTION), Integer.MAX_VALUE);
            context.writeAndFlush(response);
        }
    }

    private void fill(DnsResponse response, DnsQuestion question, int maxRecords) {
        response.setRecursionAvailable(true);
        response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
        response.setCode(failure);
        List<Row> found = rows.get(question.type().name() + " " + question.name());
        if (found != null && failure.equals(DnsResponseCode.NOERROR)) {
            response.setTruncated(found.size() > maxRecords);
            found.stream()
                    .limit(maxRecords)
                    .forEach(row -> response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    row.type(),
                                    row.timeToLiveSeconds(),
                                    Unpooled.wrappedBuffer(row.content()))));
        }
    }
}
