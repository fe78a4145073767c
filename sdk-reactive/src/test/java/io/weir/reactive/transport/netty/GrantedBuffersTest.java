package io.weir.reactive.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.weir.reactive.session.WarningLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantedBuffersTest {

    private static final int GIVEN = 100_000;

    private final WarningLog log = new WarningLog();
    private final GrantedBuffers granted = new GrantedBuffers(log.logger());
    private final NioDatagramChannel channel = new NioDatagramChannel();

    GrantedBuffersTest() {
        channel.config().setOption(ChannelOption.SO_RCVBUF, GIVEN);
        channel.config().setOption(ChannelOption.SO_SNDBUF, GIVEN);
    }

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
    }

    @Test
    void nothingIsSaidOfWhatWasGivenOrNotAskedFor() {
        granted.check(channel, GIVEN, GIVEN);
        granted.check(channel, 0, 0);

        assertThat(log.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"100001, 0", "0, 100001", "100001, 100000", "4194304, 4194304"})
    void oneWarningSaysWhatIsMissingAndWhereTheLimitIs(int receiveAsked, int sendAsked) {
        for (int i = 0; i < 3; i++) {
            granted.check(channel, receiveAsked, sendAsked);
        }

        assertThat(log.warnings()).hasSize(1);
        assertThat(log.warnings().get(0))
                .contains(
                        "100000 bytes to receive in and 100000 to send from",
                        receiveAsked + " and " + sendAsked,
                        "net.core.rmem_max",
                        "net.core.wmem_max");
    }
}
