@NullMarked
package io.weir.core.schedule;

import org.jspecify.annotations.NullMarked;
