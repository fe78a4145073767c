package io.weir.reactive.session;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that keeps the warnings, each with its cause. */
public final class WarningLog {

    private final List<String> warnings = new ArrayList<>();

    public List<String> warnings() {
        return warnings;
    }

    public Logger logger() {
        return (Logger) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("warn")) {
                        warnings.add(text(arguments));
                    }
                    return null;
                });
    }

    /** Of a format and what it takes, as an array or one by one. */
    private static String text(Object[] arguments) {
        List<Object> all = new ArrayList<>();
        for (Object argument : arguments) {
            all.addAll(argument instanceof Object[] several ? List.of(several) : List.of(argument));
        }
        String format = (String) all.remove(0);
        String message = MessageFormatter.arrayFormat(format, all.toArray()).getMessage();
        Object last = all.get(all.size() - 1);
        return last instanceof Throwable ? message + " " + last : message;
    }
}
