package io.weir.reactive.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * How much room a system has given the sockets of a transport, which may be less than was asked for, without a word. A warning says
 * so, once, however many sockets there are. Thread safe.
 */
public final class GrantedBuffers {

    private final Logger log;
    private final AtomicBoolean warned = new AtomicBoolean();

    /** {@code log} is whose sockets they are. */
    public GrantedBuffers(Logger log) {
        this.log = log;
    }

    /** What the system keeps of what has come and was not read. */
    public static int receiveBytes(Channel channel) {
        return given(channel, ChannelOption.SO_RCVBUF);
    }

    /** What the system takes of what has not gone out. */
    public static int sendBytes(Channel channel) {
        return given(channel, ChannelOption.SO_SNDBUF);
    }

    /** Linux counts its own overhead too, by doubling what it was asked for; the JDK halves it again. */
    private static int given(Channel channel, ChannelOption<Integer> option) {
        int told = channel.config().getOption(option);
        return channel instanceof UnixChannel ? told / 2 : told;
    }

    /** Looks at what the channel got; of what was not asked for, 0, nothing is expected. */
    public void check(Channel channel, int receiveBytesAsked, int sendBytesAsked) {
        int receiveBytes = receiveBytes(channel);
        int sendBytes = sendBytes(channel);
        log.debug("{} has {} bytes to receive in and {} to send from", channel, receiveBytes, sendBytes);
        if ((receiveBytes < receiveBytesAsked || sendBytes < sendBytesAsked) && warned.compareAndSet(false, true)) {
            log.warn(
                    "{} has {} bytes to receive in and {} to send from, where {} and {} were asked for: bursts may be lost or have"
                            + " to wait. On Linux net.core.rmem_max and net.core.wmem_max are the limits. Said once",
                    channel,
                    receiveBytes,
                    sendBytes,
                    receiveBytesAsked,
                    sendBytesAsked);
        }
    }
}
