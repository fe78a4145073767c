@NullMarked
package io.weir.reactive.observer;

import org.jspecify.annotations.NullMarked;
