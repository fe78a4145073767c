package io.weir.test.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.weir.core.peer.PeerAddress;
import io.weir.test.network.BlackHole;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between real sockets that impairs what passes: in user space, on the loopback interface only, with one thread.
 * At first nothing is impaired. All methods may be called from any thread and act on what comes from then on.
 *
 * <p>The same seed decides the same for the n-th packet of a direction, at whatever moment it comes, as long as the
 * profiles are the same; {@link #decisions} tells. Partitions, black holes, the rate and its queue depend on the moment.
 */
public abstract sealed class Impairment implements AutoCloseable permits TcpImpairment, UdpImpairment {

    private static final long START_SECONDS = 5;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final PeerAddress target;
    private final InetSocketAddress targetSocket;
    private final Map<Way, Direction> directions = new EnumMap<>(Way.class);

    /** On the loop. */
    private @Nullable ScheduledFuture<?> moves;

    Impairment(PeerAddress target, List<String> schemes, long seed, IoHandlerFactory io) {
        if (!schemes.contains(target.scheme())) {
            throw new IllegalArgumentException("target is " + target + ", must be "
                    + schemes.stream().map(scheme -> scheme + "://host:port").collect(Collectors.joining(" or ")));
        }
        this.target = target;
        this.targetSocket = loopback(target);
        this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("weir-impairment", true), io);
        this.loop = group.next();
        SplittableRandom root = new SplittableRandom(seed);
        for (Way way : Way.values()) {
            directions.put(way, new Direction(root.split()));
        }
    }

    private static InetSocketAddress loopback(PeerAddress target) {
        try {
            InetAddress address = InetAddress.getByName(target.host());
            if (!address.isLoopbackAddress() || target.port() == 0) {
                throw new IllegalArgumentException("target is " + target + ", must be a port of a loopback address");
            }
            return new InetSocketAddress(address, target.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("target is " + target + ", which has no address", e);
        }
    }

    // ---- where it is

    /** Where the proxy listens. */
    public abstract InetSocketAddress socketAddress();

    /** The same as an address to dial, with the peer that the target expects. */
    public PeerAddress address() {
        return new PeerAddress(
                target.scheme(),
                Objects.requireNonNull(socketAddress().getAddress().getHostAddress()),
                socketAddress().getPort(),
                target.expected());
    }

    // ---- faults

    /** What both directions are like. */
    public void profile(LinkProfile profile) {
        for (Way way : Way.values()) {
            profile(way, profile);
        }
    }

    /** What one direction is like. */
    public void profile(Way way, LinkProfile profile) {
        direction(way).profile(Objects.requireNonNull(profile, "profile"));
    }

    /** Lets nothing pass, either way, and tells nobody. */
    public void partition() {
        for (Way way : Way.values()) {
            partition(way);
        }
    }

    /** Lets nothing pass one way. */
    public void partition(Way way) {
        direction(way).cut(true);
    }

    /** Ends partitions and black holes. */
    public void heal() {
        for (Way way : Way.values()) {
            direction(way).cut(false);
            direction(way).blackHole(null);
        }
        onLoop(this::resume);
    }

    /** Both directions are open and swallow everything by turns, beginning open, until {@link #heal}. */
    public void blackHole(BlackHole blackHole) {
        for (Way way : Way.values()) {
            direction(way).blackHole(Objects.requireNonNull(blackHole, "blackHole"));
        }
    }

    /** Lets a scenario take place from now on, in place of one before; the clients are those who move. */
    public void play(Scenario scenario) {
        profile(scenario.profile());
        for (Way way : Way.values()) {
            direction(way).blackHole(scenario.blackHole());
        }
        long every = scenario.addressChangeEvery().toNanos();
        onLoop(() -> {
            if (moves != null) {
                moves.cancel(false);
            }
            moves = every == 0
                    ? null
                    : loop.scheduleAtFixedRate(this::changeAddress, every, every, TimeUnit.NANOSECONDS);
            resume();
        });
    }

    /** Gives the clients another address, as the target sees them. */
    public abstract void changeAddress();

    // ---- what there is to see

    /** What chance has decided for the packets of a direction: the last 4,096, oldest first. */
    public List<String> decisions(Way way) {
        return direction(way).decisions();
    }

    /** Ends what passes through, as a reset does, and frees the ports, which it waits for, and the thread. Idempotent. */
    @Override
    public void close() {
        if (!loop.isShuttingDown()) {
            loop.submit(this::release).awaitUninterruptibly(START_SECONDS, TimeUnit.SECONDS);
            group.shutdownGracefully(0, START_SECONDS, TimeUnit.SECONDS);
        }
    }

    // ---- for the proxies

    /** Something may pass again. On the loop. */
    abstract void resume();

    /** Closes all sockets. On the loop. */
    abstract void release();

    Direction direction(Way way) {
        return Objects.requireNonNull(directions.get(way));
    }

    /** The channel once it is bound; gives the thread back if it cannot be. */
    Channel bound(ChannelFuture binding) {
        if (!binding.awaitUninterruptibly(START_SECONDS, TimeUnit.SECONDS) || !binding.isSuccess()) {
            throw notBound(binding.cause());
        }
        return binding.channel();
    }

    /** Gives the thread back. */
    IllegalStateException notBound(@Nullable Throwable cause) {
        group.shutdownGracefully(0, START_SECONDS, TimeUnit.SECONDS);
        return new IllegalStateException("cannot bind a port of " + targetSocket.getAddress(), cause);
    }

    /** Does it, and waits for that, unless the proxy is closed. */
    void onLoop(Runnable task) {
        if (!loop.isShuttingDown()) {
            Future<?> done = loop.submit(task);
            if (!loop.inEventLoop()) {
                done.awaitUninterruptibly(START_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** What the task finds out on the loop, or after its end. */
    <T> T nowOnLoop(Supplier<T> task) {
        List<T> found = new ArrayList<>(1);
        onLoop(() -> found.add(task.get()));
        if (found.isEmpty()) {
            group.terminationFuture().awaitUninterruptibly(START_SECONDS, TimeUnit.SECONDS);
            return task.get(); // nobody else is left who could
        }
        return found.get(0);
    }

    EventLoop loop() {
        return loop;
    }

    InetSocketAddress targetSocket() {
        return targetSocket;
    }
}
