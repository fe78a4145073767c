package io.weir.reactive.transport.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

/** What is kept of answers, as the loop sees it in the task that has brought them. */
class KeptAnswersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LoopResources loops = LoopResources.create("answers-test", 1, true);
    private final EventLoop loop = loops.onClient(false).next();
    private final KeptAnswers answers = new KeptAnswers();

    @AfterEach
    void end() {
        loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
    }

    @Test
    void anAnswerIsKeptForItsTimeToLive() throws Exception {
        assertThat(keptOf(3_600)).hasSize(1);
    }

    @Test
    void anAnswerWithoutTimeToLiveIsNotKeptForAMoment() throws Exception {
        assertThat(keptOf(0)).isEmpty();
    }

    private List<? extends DnsCacheEntry> keptOf(long timeToLive) throws Exception {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return loop.submit(() -> {
                    DnsCacheEntry given = answers.cache("peer.test.", null, address, timeToLive, loop);
                    assertThat(given.address()).isEqualTo(address);
                    return Objects.requireNonNullElse(answers.get("peer.test.", null), List.<DnsCacheEntry>of());
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
