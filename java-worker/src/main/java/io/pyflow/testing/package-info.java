/**
 * For tests of activities: {@link io.pyflow.testing.ActivityEnvironment} runs them as a worker
 * does, without SWF.
 */
@NullMarked
package io.pyflow.testing;

import org.jspecify.annotations.NullMarked;
