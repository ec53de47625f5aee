//! What every backend promises.

mod again;
mod agreements;
mod casework;
mod doors;
mod erasing;
mod kept_maps;
mod mails;
mod openings;
mod people;
mod purposes;
mod records;
mod sightings;
mod trail;
mod workload;

use jiff::civil::date;
use waarborg_domain::calendar::Due;
use waarborg_domain::consent::{Consent, ConsentAnswer};
use waarborg_domain::ids::{ConsentId, RequestId, SessionId, SubjectId};
use waarborg_domain::rights::{Channel, Details, Reference, Request, Right, Stage};
use waarborg_usecase::ports::{Session, SessionHolder};

pub(crate) use casework::step;

use crate::house::{House, days_later, new_id, now, random};

macro_rules! contract {
    ($($module:ident :: $name:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$module::$name(super::House::on_sqlite()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(house) = super::House::on_postgres().await {
                    super::$module::$name(house).await;
                }
            })*
        }
    };
}

contract! {
    people::a_person_has_their_answers_and_objections
    people::a_request_opens_with_reference_and_secret_together
    people::a_request_without_a_claim_is_not_taken
    people::a_request_without_words_ends_as_the_register_says
    people::a_request_that_came_in_after_the_backup_keeps_its_dates
    doors::sessions_end_when_they_expire_and_when_they_are_ended
    doors::a_one_time_link_works_once
    doors::what_a_key_uses_up_is_counted_together
    doors::gateway_keys_open_with_their_token_only
    doors::registers_are_kept_in_the_order_in_which_they_came
    doors::a_change_of_the_register_takes_a_step_once_and_after_those_that_were_seen
    doors::a_key_that_is_revoked_elsewhere_ends_within_a_second
    records::what_was_said_is_read_back_in_order_with_a_permit
    records::nothing_is_read_or_written_outside_a_permit
    records::a_purpose_that_came_later_does_not_open_what_was_collected_before
    records::claims_end_on_their_day_and_a_restriction_suspends_them
    records::a_deleted_account_opens_nothing_and_is_used_for_nothing
    records::an_event_starts_the_claims_that_wait_for_it
    records::a_withdrawal_ends_what_stood_on_the_consent
    purposes::what_is_kept_for_a_purpose_is_found_and_ends_by_its_day
    records::a_job_that_fails_leaves_nothing_and_hurts_no_other
    records::many_at_once_are_all_kept
    erasing::erasing_a_conversation_leaves_the_others
    erasing::erasing_a_person_leaves_what_the_law_keeps_and_nothing_else
    erasing::erasing_twice_is_erasing_once
    erasing::an_erased_person_stays_erased_after_a_restart
    erasing::a_backup_comes_back_without_what_was_erased_since
    erasing::a_restriction_objection_and_withdrawal_survive_a_restore
    casework::a_step_lands_whole_and_a_closed_request_takes_none
    casework::of_two_who_conclude_at_once_one_does_and_there_is_one_last_word
    casework::later_dates_survive_a_restore
    casework::a_slice_goes_alone_and_stays_gone
    casework::a_restriction_is_lifted_and_stays_lifted
    casework::a_reader_and_a_writer_with_an_older_permit_stop_too
    casework::an_objection_that_was_refused_stays_refused
    casework::a_suppressed_address_outlives_an_erasure_and_a_restore
    casework::a_renewal_takes_back_the_end_of_a_licence
    casework::a_hold_of_two_people_stops_the_end_and_goes_on_by_itself
    casework::a_hold_on_one_conversation_leaves_the_others_and_can_be_lifted
    again::what_recipients_were_asked_after_a_backup_is_not_forgotten
    again::an_event_after_a_backup_counts_after_the_restore
    again::a_corrected_value_stays_corrected_and_ends_with_the_person
    again::what_must_outlast_a_restore_comes_back_as_it_was_last
    again::a_job_with_an_older_permit_stops_when_the_consent_is_withdrawn
    again::a_batch_that_runs_leaves_out_who_restricts_objects_or_withdraws
    sightings::an_identifier_that_stood_in_prompts_is_counted_found_and_ends_by_the_register
    sightings::an_identifier_that_is_forgotten_stays_so_after_a_restore
    mails::a_mail_waits_until_its_job_is_whole_and_is_taken_by_one
    mails::a_mail_ends_once_and_how_often_one_went_stays_known
    mails::what_waited_too_long_ends_and_is_forgotten_after_a_year
    mails::a_mail_goes_with_its_person_and_its_words_with_its_end
    agreements::a_yes_counts_once_for_the_same_prompt_and_within_its_time
    agreements::two_at_once_use_a_yes_once_and_ask_once
    agreements::so_many_wait_of_one_sender_and_all_go_with_their_time
    agreements::what_a_person_wanted_to_send_goes_with_them
    kept_maps::a_map_opens_for_its_key_alone_and_until_it_ends
    kept_maps::a_map_that_got_no_name_ends_within_a_day_of_a_run
    kept_maps::as_many_maps_as_end_in_one_night_go_in_one_run
    kept_maps::what_a_key_had_kept_is_listed_in_the_order_of_time
    kept_maps::a_map_goes_with_whoever_stands_in_it_and_stays_gone_after_a_restore
    kept_maps::a_map_that_grows_is_written_by_one_of_those_who_read_it
    kept_maps::what_a_map_grew_with_is_found_by_an_erasure_and_comes_back_from_a_backup
    openings::a_code_opens_once_within_its_tries_and_its_time
    openings::so_many_codes_go_to_one_address_for_whatever_request
    openings::a_link_for_another_is_used_up_and_noted_in_one_step
    openings::a_link_that_was_used_stays_used_after_a_restore
    openings::a_disputed_record_is_shut_until_it_is_decided_and_after_a_restore
    openings::two_requests_that_became_one_open_the_first_with_every_receipt
    trail::the_log_is_whole_and_stays_so_after_an_erasure
    trail::an_export_is_verified_without_the_store
    trail::an_export_tells_an_erased_line_from_a_blanked_one
    trail::tiles_and_checkpoints_hold_over_many_entries
    trail::hasty_entries_are_there_at_once_and_after_a_restart
    workload::the_rights_of_many_end_as_the_model_says
}

fn consent(subject: SubjectId, answer: ConsentAnswer, day: i64) -> Consent {
    Consent {
        id: ConsentId(new_id()),
        subject,
        purpose: "newsletter".to_owned(),
        entity: "voorbeeld".to_owned(),
        text_version: "news@1".to_owned(),
        answer,
        at: days_later(day),
    }
}

pub(crate) fn session(holder: SessionHolder) -> Session {
    Session {
        id: SessionId(new_id()),
        holder,
        created_at: now(),
        expires_at: days_later(1),
    }
}

pub(crate) fn request(subject: SubjectId) -> Request {
    Request {
        id: RequestId(new_id()),
        reference: Reference::from_random(&random()),
        right: Right::Access,
        subject,
        channel: Channel::Form,
        received_at: now(),
        due: Due {
            aim: date(2026, 12, 21),
            latest: date(2026, 12, 21),
        },
        stage: Stage::Received,
        details: Details::Kept,
    }
}
