package io.weir.spring.properties;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Properties on their way into a value that is checked as a whole with each change: a bound and one that it has to lie within can be
 * set in any order.
 *
 * @param <T> what they are applied to
 */
final class Applied<T> {

    private final List<Setting<T, ?>> settings = new ArrayList<>();

    private record Setting<T, V>(String property, V value, BiFunction<T, V, T> change) {
        T on(T target) {
            return change.apply(target, value);
        }

        InvalidConfigurationPropertyValueException refused(IllegalArgumentException why) {
            return Refusal.of(property, value, why);
        }
    }

    /** One of them; null leaves it as it is. */
    <V> Applied<T> with(String property, @Nullable V value, BiFunction<T, V, T> change) {
        if (value != null) {
            settings.add(new Setting<>(property, value, change));
        }
        return this;
    }

    /**
     * The value with all of them.
     *
     * @throws InvalidConfigurationPropertyValueException that names a property which is not legal, and what is
     */
    T to(T target) {
        List<Setting<T, ?>> left = new ArrayList<>(settings);
        T changed = target;
        while (!left.isEmpty()) {
            InvalidConfigurationPropertyValueException refused = null;
            int before = left.size();
            for (Iterator<Setting<T, ?>> each = left.iterator(); each.hasNext(); ) {
                Setting<T, ?> setting = each.next();
                try {
                    changed = setting.on(changed);
                    each.remove();
                } catch (IllegalArgumentException e) {
                    refused = refused != null ? refused : setting.refused(e);
                }
            }
            if (refused != null && left.size() == before) {
                throw refused;
            }
        }
        return changed;
    }
}
