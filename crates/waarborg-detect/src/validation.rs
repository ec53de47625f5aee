//! The name of each validation, so that a test can take it away and see what then goes wrong.

/// Whether a validation holds. Only tests can make one hold that does not.
#[cfg(not(test))]
#[inline]
pub(crate) const fn holds(_name: &'static str, passes: bool) -> bool {
    passes
}

#[cfg(test)]
pub(crate) use removing::{holds, stopped_in, without};

#[cfg(test)]
mod removing {
    //! Takes validations away, one at a time, in this thread.

    use std::cell::RefCell;
    use std::collections::BTreeSet;

    std::thread_local! {
        static REMOVED: RefCell<Option<&'static str>> = const { RefCell::new(None) };
        static STOPPED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(crate) fn holds(name: &'static str, passes: bool) -> bool {
        if !passes {
            STOPPED.with_borrow_mut(|stopped| stopped.insert(name));
        }
        passes || REMOVED.with_borrow(|removed| *removed == Some(name))
    }

    /// Runs something without this validation.
    pub(crate) fn without<T>(name: &'static str, run: impl FnOnce() -> T) -> T {
        REMOVED.with_borrow_mut(|removed| *removed = Some(name));
        let done = run();
        REMOVED.with_borrow_mut(|removed| *removed = None);
        done
    }

    /// Runs something, and says which validations stopped a value meanwhile.
    pub(crate) fn stopped_in<T>(run: impl FnOnce() -> T) -> (T, BTreeSet<&'static str>) {
        STOPPED.with_borrow_mut(BTreeSet::clear);
        let done = run();
        (done, STOPPED.with_borrow(Clone::clone))
    }
}
