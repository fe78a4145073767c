package io.weir.test.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.weir.test.network.LinkProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: reads from one side, cuts into packets, keeps each until it has arrived, writes to the
 * other side. Bounded: reads only while it holds less than {@link #MOST_BYTES}. On the event loop.
 */
final class TcpPipe extends ChannelInboundHandlerAdapter {

    private static final int MOST_BYTES = 1 << 20;
    private static final int HEADER_BYTES = 40;
    private static final int MOST_RETRIES = 15;
    private static final long LEAST_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MOST_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final TcpRelay relay;
    private final Direction direction;
    private final SocketChannel from;
    private final SocketChannel to;
    private final Deque<Packet> underWay = new ArrayDeque<>();
    private long heldBytes;
    private long lastArrivalNanos = System.nanoTime();
    private boolean reading;
    private boolean ended; // nothing more is taken from this side
    private boolean over; // its end has been delivered
    private @Nullable Future<?> timer;

    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private record Packet(Kind kind, ByteBuf bytes, long arrivalNanos) {}

    TcpPipe(TcpRelay relay, Direction direction, SocketChannel from, SocketChannel to) {
        this.relay = relay;
        this.direction = direction;
        this.from = from;
        this.to = to;
    }

    boolean isOver() {
        return over;
    }

    /** The other side gets its end behind what is under way; what comes from this side later goes nowhere. */
    void endHere() {
        finish(Kind.END);
    }

    // ---- from one side

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended || !(message instanceof ByteBuf chunk)) {
            ReferenceCountUtil.release(message);
            return;
        }
        int most = direction.profile().mtu() - HEADER_BYTES;
        try {
            while (chunk.isReadable() && !ended) {
                send(chunk.readRetainedSlice(Math.min(most, chunk.readableBytes())));
            }
        } finally {
            chunk.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        pump();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finish(Kind.END);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        finish(Kind.RESET);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish(Kind.RESET);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        TcpPipe opposite = relay.opposite(this);
        if (opposite != null) {
            opposite.pump();
        }
    }

    private void send(ByteBuf bytes) {
        long now = System.nanoTime();
        Fate fate = direction.next();
        long lateNanos = 0;
        for (int losses = 0; fate.lost() != null || fate.damaged(); losses++) {
            if (losses == MOST_RETRIES) {
                bytes.release();
                finish(Kind.RESET);
                return;
            }
            lateNanos += timeoutNanos(losses);
            fate = direction.next();
        }
        if (fate.undetected()) {
            int bit = fate.bitOf(bytes.readableBytes() * 8);
            int at = bytes.readerIndex() + bit / 8;
            bytes.setByte(at, bytes.getByte(at) ^ 1 << bit % 8);
        }
        long departure = direction.departure(now, HEADER_BYTES + bytes.readableBytes());
        heldBytes += bytes.readableBytes();
        add(Kind.BYTES, bytes, departure + direction.transitNanos(fate) + lateNanos);
    }

    private long timeoutNanos(int losses) {
        LinkProfile profile = direction.profile();
        long roundTrip = 2 * (profile.latency().toNanos() + profile.jitter().toNanos());
        return Math.min(LEAST_TIMEOUT_NANOS + roundTrip << losses, MOST_TIMEOUT_NANOS);
    }

    private void finish(Kind kind) {
        if (!ended || kind == Kind.RESET && !relay.isOver()) {
            ended = true;
            add(
                    kind,
                    Unpooled.EMPTY_BUFFER,
                    System.nanoTime() + direction.profile().latency().toNanos());
            pump();
        }
    }

    private void add(Kind kind, ByteBuf bytes, long arrivalNanos) {
        // nothing overtakes
        lastArrivalNanos = arrivalNanos - lastArrivalNanos > 0 ? arrivalNanos : lastArrivalNanos;
        underWay.add(new Packet(kind, bytes, lastArrivalNanos));
    }

    // ---- to the other side

    /** Delivers what has arrived, and reads on if there is room. */
    void pump() {
        Packet head;
        while (!relay.isOver() && (head = underWay.peek()) != null && mayPass(head)) {
            underWay.remove();
            deliver(head);
        }
        if (relay.isOver()) {
            return;
        }
        to.flush();
        if (!reading && from.isActive() && heldBytes < MOST_BYTES && direction.hasRoom(System.nanoTime())) {
            reading = true;
            from.read();
        }
    }

    private boolean mayPass(Packet head) {
        long now = System.nanoTime();
        long wait = Math.max(direction.outageNanos(now), head.arrivalNanos - now);
        if (wait > 0) {
            wakeIn(wait);
            return false;
        }
        return to.isWritable() || !to.isActive();
    }

    private void deliver(Packet packet) {
        switch (packet.kind) {
            case BYTES -> {
                heldBytes -= packet.bytes.readableBytes();
                to.write(packet.bytes, to.voidPromise());
            }
            case END ->
                to.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(written -> to.shutdownOutput().addListener(shut -> {
                            over = true;
                            relay.onEndDelivered();
                        }));
            case RESET -> relay.reset();
        }
    }

    private void wakeIn(long nanos) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (nanos < Long.MAX_VALUE) {
            timer = from.eventLoop().schedule(this::pump, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Forgets what is under way. */
    void release() {
        underWay.forEach(packet -> packet.bytes.release());
        underWay.clear();
        wakeIn(Long.MAX_VALUE);
    }
}
