package io.weir.reactive.transport.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.weir.core.datagram.Drop;
import io.weir.reactive.transport.PortTally;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP port as it is lent to QUIC: its handlers stand in the pipeline of the first socket there, behind Weir's own, and get what comes with
 * bit 6 of the first byte set, which all of QUIC version 1 has and nothing of Weir's (RFC 9443 section 2, and {@code protocol.md} 1). What
 * they write goes out by that socket, past Weir's handler. The port stays open until both have done with it.
 *
 * <pre>
 *                    01xxxxxx, 11xxxxxx
 *   socket --&gt; Weir ---------------------&gt; QUIC's handlers
 *     ^          | 00xxxxxx, 10xxxxxx             |
 *     |          v                                |
 *     |       receiver                            |
 *     +-------------------------------------------+
 * </pre>
 *
 * <p>Where the port has more sockets, what comes for QUIC to another one is handed over to the first: at most {@value #MOST_WAITING} datagrams
 * wait for that, what is beyond is dropped and counted.
 *
 * <p>Its methods belong to the loop of the first socket, but for what says otherwise.
 */
public final class LentSocket {

    /** That wait to be handed over to the first socket's loop. */
    static final int MOST_WAITING = 1_024;

    /** Set in the first byte of each packet of QUIC version 1: RFC 9000 sections 17.2 and 17.3, the Fixed Bit. */
    private static final int FIXED_BIT = 0x40;

    private static final int MOST_IN_TURN = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LentSocket.class);

    private final UdpSocket home;
    private final List<UdpSocket> all;
    private final Promise<Void> ended;
    private final Queue<DatagramPacket> crossing = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean toldDropped = new AtomicBoolean();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile PortTally tally = PortTally.NONE;
    private List<ChannelHandler> handlers = List.of();
    private boolean givenBack;
    private boolean cameHere; // by a socket of this loop, in this turn

    /** Of those sockets, of which the first lends. */
    LentSocket(UdpSocket home, List<UdpSocket> all) {
        this.home = home;
        this.all = all;
        ended = home.channel().eventLoop().newPromise();
        home.channel().closeFuture().addListener(done -> ended.trySuccess(null));
    }

    /** The socket's channel, bound and on its loop: not to be closed. Any thread. */
    public DatagramChannel channel() {
        return home.channel();
    }

    /** Completes once it is given back, or the socket is closed. Any thread. */
    public Future<Void> ended() {
        return ended;
    }

    /**
     * From now on what is QUIC's goes to these, and so does the channel's writability. Once.
     *
     * @param counting hears of what is dropped on the way to them, and of what comes for Weir where nobody has that part of the port
     */
    public void install(PortTally counting, ChannelHandler... guests) {
        tally = counting;
        handlers = List.of(guests);
        channel().pipeline().addLast(guests);
        all.forEach(socket -> socket.lendTo(this));
    }

    /**
     * QUIC uses it no more: its handlers are removed, by a later task, since they may be what calls this; and the port is closed unless Weir's
     * datagrams use it. Idempotent.
     */
    public void giveBack() {
        if (givenBack) {
            return;
        }
        givenBack = true;
        all.forEach(socket -> socket.lendTo(null));
        try {
            channel().eventLoop().execute(() -> {
                if (channel().isOpen()) { // else they are gone with it
                    handlers.forEach(handler -> channel().pipeline().remove(handler));
                }
                home.takeBack();
                drop();
                ended.trySuccess(null);
            });
        } catch (RejectedExecutionException e) {
            drop(); // the loop has ended, and the socket with it
        }
    }

    // ---- what comes, on the loop of the socket that it has come to

    /** Whether a datagram is QUIC's, which has it then. */
    boolean takes(DatagramPacket packet) {
        ByteBuf bytes = packet.content();
        if (!bytes.isReadable() || (bytes.getByte(bytes.readerIndex()) & FIXED_BIT) == 0) {
            return false;
        }
        ChannelHandlerContext door = home.door();
        if (door.executor().inEventLoop()) {
            cameHere = true;
            door.fireChannelRead(packet);
        } else {
            handOver(packet);
        }
        return true;
    }

    /** Nothing more has come for now to one of the sockets. */
    void endTurn() {
        ChannelHandlerContext door = home.door();
        if (door.executor().inEventLoop() && cameHere) {
            cameHere = false;
            door.fireChannelReadComplete();
        }
    }

    private void handOver(DatagramPacket packet) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            packet.release();
            tally.received(1);
            tally.dropped(Drop.HANDOVER_FULL);
            tellDropped();
            return;
        }
        crossing.add(packet);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                home.door().executor().execute(this::turn);
            } catch (RejectedExecutionException e) {
                drop(); // the loop has ended, and QUIC's connections with it
            }
        }
    }

    private void turn() {
        scheduled.set(false);
        if (givenBack) {
            drop();
            return;
        }
        ChannelHandlerContext door = home.door();
        int taken = 0;
        for (DatagramPacket next = crossing.poll();
                next != null;
                next = taken < MOST_IN_TURN ? crossing.poll() : null) {
            waiting.decrementAndGet();
            taken++;
            door.fireChannelRead(next);
        }
        if (taken > 0) {
            door.fireChannelReadComplete();
        }
        if (!crossing.isEmpty()) {
            schedule();
        }
    }

    private void drop() {
        for (DatagramPacket next = crossing.poll(); next != null; next = crossing.poll()) {
            waiting.decrementAndGet();
            next.release();
            onUnheard();
        }
    }

    private void tellDropped() {
        if (toldDropped.compareAndSet(false, true)) {
            LOG.warn(
                    "{} drops datagrams of QUIC that come to another socket of its port faster than they are read",
                    home);
        }
    }

    /** A datagram has come for somebody who uses this port no more: it is dropped. Any thread. */
    void onUnheard() {
        tally.received(1);
        tally.dropped(Drop.NOT_LISTENING);
    }

    /** For tests: how many wait to be handed over. Any thread. */
    int waiting() {
        return waiting.get();
    }
}
