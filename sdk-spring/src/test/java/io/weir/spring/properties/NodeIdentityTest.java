package io.weir.spring.properties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.weir.core.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class NodeIdentityTest {

    @TempDir
    Path folder;

    @Test
    void withoutALocationOneIsGeneratedAndTheLogSaysWhatThatMeans() {
        Logger log = (Logger) LoggerFactory.getLogger(NodeIdentity.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        log.addAppender(told);
        try {
            Identity generated = identity(null, false, null);

            assertThat(told.list).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage())
                        .contains("weir.identity.location is not set")
                        .contains(generated.peerId().toString())
                        .contains("will not know it after the next start");
            });
        } finally {
            log.detachAppender(told);
        }
    }

    @Test
    void fileIsMadeOnceAndReadFromThenOn() {
        Path file = folder.resolve("node.json");

        Identity made = identity(file, true, null);

        assertThat(identity(file, true, null).peerId()).isEqualTo(made.peerId());
        assertThat(identity(file, false, null).peerId()).isEqualTo(made.peerId());
    }

    @Test
    void fileMayBeEncryptedByAKey() throws GeneralSecurityException, IOException {
        Path file = folder.resolve("node.json");
        Path key = folder.resolve("key.json");
        KeysetHandle handle = KeysetHandle.newBuilder()
                .setConfiguration(AeadConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        Files.writeString(
                key,
                TinkJsonProtoKeysetFormat.serializeKeyset(handle, AeadConfig2026.get(), InsecureSecretKeyAccess.get()));

        Identity made = identity(file, true, key);

        assertThat(identity(file, false, key).peerId()).isEqualTo(made.peerId());
        assertThat(refused(file, false, null).getReason()).contains("encrypted");
    }

    @Test
    void fileThatIsMissingOrNoneIsToldWithItsProperty() throws IOException {
        Path file = folder.resolve("node.json");
        assertThat(refused(file, false, null).getReason()).contains("weir.identity.create=true");

        Files.writeString(file, "no key");

        InvalidConfigurationPropertyValueException thrown = refused(file, true, null);
        assertThat(thrown.getName()).isEqualTo("weir.identity.location");
        assertThat(thrown.getValue()).isEqualTo(file);
    }

    @Test
    void keyThatIsNoneIsToldWithItsProperty() throws IOException {
        Path key = Files.writeString(folder.resolve("key.json"), "no key");

        InvalidConfigurationPropertyValueException thrown = refused(folder.resolve("node.json"), true, key);

        assertThat(thrown.getName()).isEqualTo("weir.identity.key-location");
        assertThat(thrown.getReason()).contains("AEAD keyset");
    }

    private static InvalidConfigurationPropertyValueException refused(Path file, boolean create, @Nullable Path key) {
        return catchThrowableOfType(
                InvalidConfigurationPropertyValueException.class, () -> identity(file, create, key));
    }

    private static Identity identity(@Nullable Path file, boolean create, @Nullable Path key) {
        return NodeIdentity.of(new WeirProperties.Identity(file, create, key));
    }
}
