package io.weir.core.handshake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the published test vectors; just enough of JSON for a flat list of objects with one list of messages. */
final class NoiseVectors {
    private static final String RESOURCE = "noise-xx-25519-sha256.json";
    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":\\s*(?:\\[\\s*)?\"(\\w*)\"");
    private static final Pattern MESSAGES = Pattern.compile("\"messages\":\\s*\\[(.*?)\\]", Pattern.DOTALL);

    private NoiseVectors() {}

    record Message(byte[] payload, byte[] ciphertext) {}

    static final class Vector {
        private final Map<String, String> fields = new LinkedHashMap<>();
        private final List<Message> messages = new ArrayList<>();

        String protocol() {
            return Objects.requireNonNull(fields.get("protocol_name"));
        }

        byte[] bytes(String field) {
            return HexFormat.of().parseHex(Objects.requireNonNull(fields.get(field), field));
        }

        byte @Nullable [] psk(String field) {
            return fields.containsKey(field) ? bytes(field) : null;
        }

        List<Message> messages() {
            return messages;
        }

        @Override
        public String toString() {
            return protocol();
        }
    }

    static List<Vector> load() {
        List<Vector> vectors = new ArrayList<>();
        for (String object : read().split("\"protocol_name\"")) {
            if (object.contains("handshake_hash")) {
                vectors.add(parse("\"protocol_name\"" + object));
            }
        }
        return vectors;
    }

    private static Vector parse(String object) {
        Vector vector = new Vector();
        Matcher messages = MESSAGES.matcher(object);
        if (!messages.find()) {
            throw new IllegalStateException("vector without messages");
        }
        Matcher field = FIELD.matcher(object.substring(0, messages.start()));
        while (field.find()) {
            vector.fields.put(field.group(1), field.group(2));
        }
        Matcher part = FIELD.matcher(messages.group(1));
        while (part.find()) {
            String payload = part.group(2);
            if (!part.group(1).equals("payload")
                    || !part.find()
                    || !part.group(1).equals("ciphertext")) {
                throw new IllegalStateException("message is not a payload and its ciphertext");
            }
            vector.messages.add(
                    new Message(HexFormat.of().parseHex(payload), HexFormat.of().parseHex(part.group(2))));
        }
        return vector;
    }

    private static String read() {
        try (InputStream in = NoiseVectors.class.getResourceAsStream(RESOURCE)) {
            return new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
