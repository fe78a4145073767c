package io.weir.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes in an identity's file: an identity, or the one exception, which quotes no key that the file holds. */
class IdentityFileFuzzTest {

    private static final Pattern SECRET = Pattern.compile("\"(?:value|encryptedKeyset)\"\\s*:\\s*\"([^\"]{12,})\"");
    private static final Aead KEK = kek();
    private static final Path FILE = file();

    static Stream<byte[]> seeds() throws IOException {
        Identity identity = Identity.generate(new Random(1)::nextBytes);
        identity.replace(FILE);
        byte[] clear = Files.readAllBytes(FILE);
        identity.replace(FILE, KEK);
        return Stream.of(clear, Files.readAllBytes(FILE), "{}".getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    @MethodSource("seeds")
    @FuzzTest
    void identity(byte[] content) throws IOException {
        Files.write(FILE, content);

        Identity identity = load(content, () -> Identity.load(FILE));
        load(content, () -> Identity.load(FILE, KEK));

        if (identity != null) {
            identity.replace(FILE);
            assertThat(Identity.load(FILE).peerId()).isEqualTo(identity.peerId());
            assertThat(identity.sign(new byte[3])).hasSize(64);
        }
    }

    private static @Nullable Identity load(byte[] content, Supplier<Identity> loading) {
        try {
            return loading.get();
        } catch (IdentityException e) {
            assertThat(e.getMessage()).startsWith("identity file ").hasSizeLessThan(1_000);
            StringWriter told = new StringWriter();
            e.printStackTrace(new PrintWriter(told));
            Matcher secret = SECRET.matcher(new String(content, StandardCharsets.UTF_8));
            while (secret.find()) {
                assertThat(told.toString()).doesNotContain(secret.group(1));
            }
            return null;
        }
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("weir-fuzz", ".json");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Aead kek() {
        try {
            return KeysetHandle.newBuilder()
                    .setConfiguration(AeadConfig2026.get())
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build()
                    .getPrimitive(AeadConfig2026.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
