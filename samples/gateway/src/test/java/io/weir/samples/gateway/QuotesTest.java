package io.weir.samples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Quotes as server-sent events, of a publisher in a process of its own that ends and comes again. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class QuotesTest {

    private static final PublisherProcess PUBLISHER = started();

    @LocalServerPort
    private int port;

    private Browser browser;
    private Browser other;

    @DynamicPropertySource
    static void publisher(DynamicPropertyRegistry registry) {
        registry.add("weir.peers.publisher.addresses", PUBLISHER::address);
    }

    @AfterAll
    static void endPublisher() throws InterruptedException {
        PUBLISHER.kill();
    }

    @BeforeEach
    void twoBrowsersReadTheSameSymbol() {
        browser = new Browser(port, "ACME", -1);
        other = new Browser(port, "ACME", 999);
    }

    @AfterEach
    void browsersClose() {
        browser.close();
        other.close();
    }

    @Test
    void eachBrowserHasAStreamOfItsOwn() {
        assertThat(browser.next().number()).isZero();
        assertThat(other.next().number()).isEqualTo(1_000);

        browser.close();

        other.readTo(1_050);
    }

    @Test
    void publisherThatIsToldToStopAndComesAgainIsAPause() throws Exception {
        String before = PUBLISHER.source();
        assertThat(browser.next().source()).isEqualTo(before);
        assertThat(other.next().source()).isEqualTo(before);

        PUBLISHER.terminate();
        PUBLISHER.startAgain();

        browser.readToSource(PUBLISHER.source());
        other.readToSource(PUBLISHER.source());
    }

    @Test
    void publisherThatIsKilledAndComesAgainIsAPause() throws Exception {
        String before = PUBLISHER.source();
        assertThat(browser.next().source()).isEqualTo(before);
        assertThat(other.next().source()).isEqualTo(before);

        PUBLISHER.kill();
        PUBLISHER.startAgain();

        browser.readToSource(PUBLISHER.source());
        other.readToSource(PUBLISHER.source());
    }

    private static PublisherProcess started() {
        try {
            Path folder = Files.createTempDirectory(Path.of("target"), "publisher");
            return new PublisherProcess(folder.resolve("key.json"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
