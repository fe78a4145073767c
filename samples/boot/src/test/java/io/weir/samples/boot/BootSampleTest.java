package io.weir.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** Versions that fit together: Boot's JUnit, Reactor and Netty with Weir's classes. */
@SpringBootTest
class BootSampleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Autowired
    private PeerNode node;

    @Test
    void peerTakesWhatItAsksForFromANodeThatIsABean() {
        PeerNode other = Weir.node().startNow(PATIENCE);
        try {
            PeerSession session = other.connectNow(node.addresses().get(0), PATIENCE);

            assertThat(session.openStream("numbers", StreamConfig.reliable())
                            .receive(Codec.utf8())
                            .take(3)
                            .collectList()
                            .block(PATIENCE))
                    .containsExactly("1", "2", "3");
        } finally {
            other.dispose();
        }
    }
}
