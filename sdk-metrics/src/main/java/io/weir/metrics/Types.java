package io.weir.metrics;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The types of streams and requests, as the user's function has them: {@value MeterOptions#MOST_TYPES} at most, and of {@value
 * #MOST_NAMES} names it is remembered. Names beyond that, which may be without end, are asked for each time. Any thread.
 */
final class Types {

    /** What has no type of its own. */
    static final String OTHER = "other";

    static final int MOST_NAMES = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(Types.class);

    private final Function<? super String, ? extends @Nullable String> types;
    private final Map<String, String> byName = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean failed = new AtomicBoolean();

    Types(Function<? super String, ? extends @Nullable String> types) {
        this.types = types;
    }

    String of(String name) {
        String type = byName.get(name);
        if (type == null) {
            type = bounded(asked(name));
            if (byName.size() < MOST_NAMES) {
                byName.put(name, type);
            }
        }
        return type;
    }

    private String asked(String name) {
        try {
            String type = types.apply(name);
            return type == null || type.isBlank() ? OTHER : type;
        } catch (RuntimeException e) {
            if (failed.compareAndSet(false, true)) {
                LOG.warn(
                        "The function of types failed for \"{}\"; its type is {}, and this is said once",
                        name,
                        OTHER,
                        e);
            }
            return OTHER;
        }
    }

    /** A few threads that come with new types at once may each add one. */
    private String bounded(String type) {
        if (type.equals(OTHER) || known.contains(type)) {
            return type;
        }
        if (known.size() >= MeterOptions.MOST_TYPES) {
            return OTHER;
        }
        known.add(type);
        return type;
    }
}
