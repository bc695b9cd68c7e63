export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  "public": {
    Tables: {
      "cc_answers": {
        Row: {
          "answer": string;
          "created_at": string;
          "hands_over": boolean;
          "id": string;
          "is_courtesy": boolean;
          "language": string;
          "phrases": (string)[];
          "position": number;
          "topic": string;
        };
        ComputedFields: never;
        Insert: {
          "answer": string;
          "created_at"?: string;
          "hands_over"?: boolean;
          "id"?: string;
          "is_courtesy"?: boolean;
          "language": string;
          "phrases": (string)[];
          "position"?: number;
          "topic": string;
        };
        Update: {
          "answer"?: string;
          "created_at"?: string;
          "hands_over"?: boolean;
          "id"?: string;
          "is_courtesy"?: boolean;
          "language"?: string;
          "phrases"?: (string)[];
          "position"?: number;
          "topic"?: string;
        };
        Relationships: [];
      };
      "cc_audit_logs": {
        Row: {
          "actor_type": string;
          "conversation_id": string | null;
          "created_at": string;
          "error_code": string | null;
          "error_message": string | null;
          "event_type": string;
          "hash": string;
          "id": number;
          "input_redacted": NonNullable<Json>;
          "message_id": string | null;
          "output_redacted": NonNullable<Json>;
          "previous_hash": string;
          "success": boolean;
        };
        ComputedFields: never;
        Insert: {
          "actor_type": string;
          "conversation_id"?: string | null;
          "created_at": string;
          "error_code"?: string | null;
          "error_message"?: string | null;
          "event_type": string;
          "hash": string;
          "id"?: number;
          "input_redacted": NonNullable<Json>;
          "message_id"?: string | null;
          "output_redacted": NonNullable<Json>;
          "previous_hash": string;
          "success": boolean;
        };
        Update: {
          "actor_type"?: string;
          "conversation_id"?: string | null;
          "created_at"?: string;
          "error_code"?: string | null;
          "error_message"?: string | null;
          "event_type"?: string;
          "hash"?: string;
          "id"?: number;
          "input_redacted"?: NonNullable<Json>;
          "message_id"?: string | null;
          "output_redacted"?: NonNullable<Json>;
          "previous_hash"?: string;
          "success"?: boolean;
        };
        Relationships: [];
      };
      "cc_conversations": {
        Row: {
          "business_address": string;
          "channel": string;
          "created_at": string;
          "customer_id": string;
          "handler": string;
          "id": string;
          "idle_check_at": string;
          "last_inbound_at": string | null;
          "last_seq": number;
          "person_awaited_since": string | null;
          "provider": string;
          "provider_conversation_id": string;
          "status": string;
          "summary": string | null;
          "summary_seq": number;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "business_address": string;
          "channel": string;
          "created_at"?: string;
          "customer_id": string;
          "handler"?: string;
          "id"?: string;
          "idle_check_at"?: string;
          "last_inbound_at"?: string | null;
          "last_seq"?: number;
          "person_awaited_since"?: string | null;
          "provider": string;
          "provider_conversation_id": string;
          "status"?: string;
          "summary"?: string | null;
          "summary_seq"?: number;
          "updated_at"?: string;
        };
        Update: {
          "business_address"?: string;
          "channel"?: string;
          "created_at"?: string;
          "customer_id"?: string;
          "handler"?: string;
          "id"?: string;
          "idle_check_at"?: string;
          "last_inbound_at"?: string | null;
          "last_seq"?: number;
          "person_awaited_since"?: string | null;
          "provider"?: string;
          "provider_conversation_id"?: string;
          "status"?: string;
          "summary"?: string | null;
          "summary_seq"?: number;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cc_conversations_customer_id_fkey";
            columns: ["customer_id"];
            isOneToOne: false;
            referencedRelation: "cc_customers";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_customer_addresses": {
        Row: {
          "address": string;
          "channel": string;
          "created_at": string;
          "customer_id": string;
          "provider": string;
        };
        ComputedFields: never;
        Insert: {
          "address": string;
          "channel": string;
          "created_at"?: string;
          "customer_id": string;
          "provider": string;
        };
        Update: {
          "address"?: string;
          "channel"?: string;
          "created_at"?: string;
          "customer_id"?: string;
          "provider"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cc_customer_addresses_customer_id_fkey";
            columns: ["customer_id"];
            isOneToOne: false;
            referencedRelation: "cc_customers";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_customers": {
        Row: {
          "created_at": string;
          "emptied_at": string | null;
          "erased_at": string | null;
          "id": string;
          "merged_into": string | null;
          "name": string | null;
          "opted_in_at": string | null;
          "opted_out_at": string | null;
          "rate_limit_notified_at": string | null;
          "remaining_messages": number | null;
          "remaining_messages_at": string | null;
          "tokens_used": number;
          "tokens_used_on": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "emptied_at"?: string | null;
          "erased_at"?: string | null;
          "id"?: string;
          "merged_into"?: string | null;
          "name"?: string | null;
          "opted_in_at"?: string | null;
          "opted_out_at"?: string | null;
          "rate_limit_notified_at"?: string | null;
          "remaining_messages"?: number | null;
          "remaining_messages_at"?: string | null;
          "tokens_used"?: number;
          "tokens_used_on"?: string | null;
        };
        Update: {
          "created_at"?: string;
          "emptied_at"?: string | null;
          "erased_at"?: string | null;
          "id"?: string;
          "merged_into"?: string | null;
          "name"?: string | null;
          "opted_in_at"?: string | null;
          "opted_out_at"?: string | null;
          "rate_limit_notified_at"?: string | null;
          "remaining_messages"?: number | null;
          "remaining_messages_at"?: string | null;
          "tokens_used"?: number;
          "tokens_used_on"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "cc_customers_merged_into_fkey";
            columns: ["merged_into"];
            isOneToOne: false;
            referencedRelation: "cc_customers";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_media": {
        Row: {
          "attempt": number;
          "byte_size": number | null;
          "content_type": string;
          "created_at": string;
          "due_at": string | null;
          "error_code": string | null;
          "failure_count": number;
          "finished_at": string | null;
          "id": string;
          "message_id": string;
          "position": number;
          "state": string;
          "storage_path": string | null;
          "url": string;
        };
        ComputedFields: never;
        Insert: {
          "attempt"?: number;
          "byte_size"?: number | null;
          "content_type": string;
          "created_at"?: string;
          "due_at"?: string | null;
          "error_code"?: string | null;
          "failure_count"?: number;
          "finished_at"?: string | null;
          "id"?: string;
          "message_id": string;
          "position": number;
          "state"?: string;
          "storage_path"?: string | null;
          "url": string;
        };
        Update: {
          "attempt"?: number;
          "byte_size"?: number | null;
          "content_type"?: string;
          "created_at"?: string;
          "due_at"?: string | null;
          "error_code"?: string | null;
          "failure_count"?: number;
          "finished_at"?: string | null;
          "id"?: string;
          "message_id"?: string;
          "position"?: number;
          "state"?: string;
          "storage_path"?: string | null;
          "url"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cc_media_message_id_fkey";
            columns: ["message_id"];
            isOneToOne: false;
            referencedRelation: "cc_messages";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_messages": {
        Row: {
          "absent_since": string | null;
          "body_json": NonNullable<Json>;
          "body_text": string;
          "completed_at": string | null;
          "content_sid": string | null;
          "conversation_id": string;
          "created_at": string;
          "delivery_checked_at": string | null;
          "delivery_status": string | null;
          "delivery_watch_ended_at": string | null;
          "direction": string;
          "erased_at": string | null;
          "error_code": string | null;
          "error_message": string | null;
          "fallback_at": string | null;
          "from_address": string;
          "handed_over_at": string | null;
          "id": string;
          "provider": string;
          "provider_created_at": string | null;
          "provider_message_id": string | null;
          "recovered_at": string | null;
          "replied_to_message_id": string | null;
          "send_attempt": number;
          "send_claimed_at": string | null;
          "send_dispatched_at": string | null;
          "send_due_at": string | null;
          "send_lease_until": string | null;
          "send_state": string | null;
          "seq": number;
          "signature": string | null;
          "to_address": string;
          "turn_id": string | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "absent_since"?: string | null;
          "body_json"?: NonNullable<Json>;
          "body_text": string;
          "completed_at"?: string | null;
          "content_sid"?: string | null;
          "conversation_id": string;
          "created_at"?: string;
          "delivery_checked_at"?: string | null;
          "delivery_status"?: string | null;
          "delivery_watch_ended_at"?: string | null;
          "direction": string;
          "erased_at"?: string | null;
          "error_code"?: string | null;
          "error_message"?: string | null;
          "fallback_at"?: string | null;
          "from_address": string;
          "handed_over_at"?: string | null;
          "id"?: string;
          "provider": string;
          "provider_created_at"?: string | null;
          "provider_message_id"?: string | null;
          "recovered_at"?: string | null;
          "replied_to_message_id"?: string | null;
          "send_attempt"?: number;
          "send_claimed_at"?: string | null;
          "send_dispatched_at"?: string | null;
          "send_due_at"?: string | null;
          "send_lease_until"?: string | null;
          "send_state"?: string | null;
          "seq": number;
          "signature"?: string | null;
          "to_address": string;
          "turn_id"?: string | null;
          "updated_at"?: string;
        };
        Update: {
          "absent_since"?: string | null;
          "body_json"?: NonNullable<Json>;
          "body_text"?: string;
          "completed_at"?: string | null;
          "content_sid"?: string | null;
          "conversation_id"?: string;
          "created_at"?: string;
          "delivery_checked_at"?: string | null;
          "delivery_status"?: string | null;
          "delivery_watch_ended_at"?: string | null;
          "direction"?: string;
          "erased_at"?: string | null;
          "error_code"?: string | null;
          "error_message"?: string | null;
          "fallback_at"?: string | null;
          "from_address"?: string;
          "handed_over_at"?: string | null;
          "id"?: string;
          "provider"?: string;
          "provider_created_at"?: string | null;
          "provider_message_id"?: string | null;
          "recovered_at"?: string | null;
          "replied_to_message_id"?: string | null;
          "send_attempt"?: number;
          "send_claimed_at"?: string | null;
          "send_dispatched_at"?: string | null;
          "send_due_at"?: string | null;
          "send_lease_until"?: string | null;
          "send_state"?: string | null;
          "seq"?: number;
          "signature"?: string | null;
          "to_address"?: string;
          "turn_id"?: string | null;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cc_messages_conversation_id_fkey";
            columns: ["conversation_id"];
            isOneToOne: false;
            referencedRelation: "cc_conversations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "cc_messages_replied_to_message_id_fkey";
            columns: ["replied_to_message_id"];
            isOneToOne: false;
            referencedRelation: "cc_messages";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "cc_messages_turn_id_fkey";
            columns: ["turn_id"];
            isOneToOne: false;
            referencedRelation: "cc_turns";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_rejected_webhooks": {
        Row: {
          "created_at": string;
          "erased_at": string | null;
          "id": string;
          "parameters": NonNullable<Json>;
          "provider": string;
          "reason": string;
          "signature": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "erased_at"?: string | null;
          "id"?: string;
          "parameters": NonNullable<Json>;
          "provider": string;
          "reason": string;
          "signature": string;
        };
        Update: {
          "created_at"?: string;
          "erased_at"?: string | null;
          "id"?: string;
          "parameters"?: NonNullable<Json>;
          "provider"?: string;
          "reason"?: string;
          "signature"?: string;
        };
        Relationships: [];
      };
      "cc_settings": {
        Row: {
          "alert_cooldown_minutes": number;
          "backoff_base_ms": number;
          "backoff_max_ms": number;
          "business_addresses": (string)[];
          "close_after_minutes": number | null;
          "code_attempts": number;
          "code_minutes": number;
          "code_resend_seconds": number;
          "codes_per_hour": number;
          "customer_burst_messages": number;
          "customer_messages_per_minute": number;
          "customer_tokens_per_day": number | null;
          "debounce_max_ms": number;
          "debounce_ms": number;
          "fallback_text": string;
          "hand_over_dead_turns": boolean;
          "hand_over_text": string | null;
          "history_messages": number;
          "id": boolean;
          "lease_seconds": number;
          "max_failures": number;
          "max_media_failures": number;
          "max_send_attempts": number;
          "opt_in_keywords": (string)[];
          "opt_in_text": string | null;
          "opt_out_keywords": (string)[];
          "opt_out_text": string | null;
          "outside_window_content_sid": string | null;
          "outside_window_content_variables": NonNullable<Json>;
          "plain_opt_in_keywords": (string)[];
          "plain_opt_out_keywords": (string)[];
          "rate_limit_notice_minutes": number;
          "rate_limit_notice_text": string | null;
          "redispatch_seconds": number;
          "retention_days": number | null;
          "return_to_agent_minutes": number | null;
          "send_lease_seconds": number;
          "settle_grace_seconds": number;
          "stale_status_minutes": number;
          "sync_min_age_seconds": number;
          "sync_overlap_minutes": number;
          "sync_since": string;
          "sync_stopped_alert_minutes": number;
          "tokens_per_day": number | null;
          "trigger_failures_alert_count": number;
          "turns_per_minute": number;
          "unanswered_alert_minutes": number;
          "uncertain_alert_minutes": number;
          "updated_at": string;
          "verified_minutes": number;
          "webhooks_missed_alert_count": number;
          "webhooks_missed_alert_minutes": number;
          "wrong_codes_per_day": number;
        };
        ComputedFields: never;
        Insert: {
          "alert_cooldown_minutes"?: number;
          "backoff_base_ms"?: number;
          "backoff_max_ms"?: number;
          "business_addresses"?: (string)[];
          "close_after_minutes"?: number | null;
          "code_attempts"?: number;
          "code_minutes"?: number;
          "code_resend_seconds"?: number;
          "codes_per_hour"?: number;
          "customer_burst_messages"?: number;
          "customer_messages_per_minute"?: number;
          "customer_tokens_per_day"?: number | null;
          "debounce_max_ms"?: number;
          "debounce_ms"?: number;
          "fallback_text"?: string;
          "hand_over_dead_turns"?: boolean;
          "hand_over_text"?: string | null;
          "history_messages"?: number;
          "id"?: boolean;
          "lease_seconds"?: number;
          "max_failures"?: number;
          "max_media_failures"?: number;
          "max_send_attempts"?: number;
          "opt_in_keywords"?: (string)[];
          "opt_in_text"?: string | null;
          "opt_out_keywords"?: (string)[];
          "opt_out_text"?: string | null;
          "outside_window_content_sid"?: string | null;
          "outside_window_content_variables"?: NonNullable<Json>;
          "plain_opt_in_keywords"?: never;
          "plain_opt_out_keywords"?: never;
          "rate_limit_notice_minutes"?: number;
          "rate_limit_notice_text"?: string | null;
          "redispatch_seconds"?: number;
          "retention_days"?: number | null;
          "return_to_agent_minutes"?: number | null;
          "send_lease_seconds"?: number;
          "settle_grace_seconds"?: number;
          "stale_status_minutes"?: number;
          "sync_min_age_seconds"?: number;
          "sync_overlap_minutes"?: number;
          "sync_since"?: string;
          "sync_stopped_alert_minutes"?: number;
          "tokens_per_day"?: number | null;
          "trigger_failures_alert_count"?: number;
          "turns_per_minute"?: number;
          "unanswered_alert_minutes"?: number;
          "uncertain_alert_minutes"?: number;
          "updated_at"?: string;
          "verified_minutes"?: number;
          "webhooks_missed_alert_count"?: number;
          "webhooks_missed_alert_minutes"?: number;
          "wrong_codes_per_day"?: number;
        };
        Update: {
          "alert_cooldown_minutes"?: number;
          "backoff_base_ms"?: number;
          "backoff_max_ms"?: number;
          "business_addresses"?: (string)[];
          "close_after_minutes"?: number | null;
          "code_attempts"?: number;
          "code_minutes"?: number;
          "code_resend_seconds"?: number;
          "codes_per_hour"?: number;
          "customer_burst_messages"?: number;
          "customer_messages_per_minute"?: number;
          "customer_tokens_per_day"?: number | null;
          "debounce_max_ms"?: number;
          "debounce_ms"?: number;
          "fallback_text"?: string;
          "hand_over_dead_turns"?: boolean;
          "hand_over_text"?: string | null;
          "history_messages"?: number;
          "id"?: boolean;
          "lease_seconds"?: number;
          "max_failures"?: number;
          "max_media_failures"?: number;
          "max_send_attempts"?: number;
          "opt_in_keywords"?: (string)[];
          "opt_in_text"?: string | null;
          "opt_out_keywords"?: (string)[];
          "opt_out_text"?: string | null;
          "outside_window_content_sid"?: string | null;
          "outside_window_content_variables"?: NonNullable<Json>;
          "plain_opt_in_keywords"?: never;
          "plain_opt_out_keywords"?: never;
          "rate_limit_notice_minutes"?: number;
          "rate_limit_notice_text"?: string | null;
          "redispatch_seconds"?: number;
          "retention_days"?: number | null;
          "return_to_agent_minutes"?: number | null;
          "send_lease_seconds"?: number;
          "settle_grace_seconds"?: number;
          "stale_status_minutes"?: number;
          "sync_min_age_seconds"?: number;
          "sync_overlap_minutes"?: number;
          "sync_since"?: string;
          "sync_stopped_alert_minutes"?: number;
          "tokens_per_day"?: number | null;
          "trigger_failures_alert_count"?: number;
          "turns_per_minute"?: number;
          "unanswered_alert_minutes"?: number;
          "uncertain_alert_minutes"?: number;
          "updated_at"?: string;
          "verified_minutes"?: number;
          "webhooks_missed_alert_count"?: number;
          "webhooks_missed_alert_minutes"?: number;
          "wrong_codes_per_day"?: number;
        };
        Relationships: [];
      };
      "cc_tool_calls": {
        Row: {
          "arguments": NonNullable<Json>;
          "arguments_hash": string;
          "attempt": number;
          "created_at": string;
          "finished_at": string | null;
          "first_message_id": string;
          "id": string;
          "result": Json | null;
          "tool": string;
          "turn_id": string;
        };
        ComputedFields: never;
        Insert: {
          "arguments": NonNullable<Json>;
          "arguments_hash": string;
          "attempt": number;
          "created_at"?: string;
          "finished_at"?: string | null;
          "first_message_id": string;
          "id"?: string;
          "result"?: Json | null;
          "tool": string;
          "turn_id": string;
        };
        Update: {
          "arguments"?: NonNullable<Json>;
          "arguments_hash"?: string;
          "attempt"?: number;
          "created_at"?: string;
          "finished_at"?: string | null;
          "first_message_id"?: string;
          "id"?: string;
          "result"?: Json | null;
          "tool"?: string;
          "turn_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cc_tool_calls_first_message_id_fkey";
            columns: ["first_message_id"];
            isOneToOne: false;
            referencedRelation: "cc_messages";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "cc_tool_calls_turn_id_fkey";
            columns: ["turn_id"];
            isOneToOne: false;
            referencedRelation: "cc_turns";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_turns": {
        Row: {
          "agent": string | null;
          "attempt": number;
          "claimed_at": string | null;
          "conversation_id": string;
          "cost_micros": number;
          "created_at": string;
          "dispatched_at": string | null;
          "due_at": string | null;
          "failure_count": number;
          "finished_at": string | null;
          "id": string;
          "input_tokens": number;
          "last_error_code": string | null;
          "last_error_message": string | null;
          "lease_until": string | null;
          "output_tokens": number;
          "silent_reason": string | null;
          "state": string;
          "tells_of_account": boolean;
          "tool_call_count": number;
        };
        ComputedFields: never;
        Insert: {
          "agent"?: string | null;
          "attempt"?: number;
          "claimed_at"?: string | null;
          "conversation_id": string;
          "cost_micros"?: number;
          "created_at"?: string;
          "dispatched_at"?: string | null;
          "due_at"?: string | null;
          "failure_count"?: number;
          "finished_at"?: string | null;
          "id"?: string;
          "input_tokens"?: number;
          "last_error_code"?: string | null;
          "last_error_message"?: string | null;
          "lease_until"?: string | null;
          "output_tokens"?: number;
          "silent_reason"?: string | null;
          "state"?: string;
          "tells_of_account"?: boolean;
          "tool_call_count"?: number;
        };
        Update: {
          "agent"?: string | null;
          "attempt"?: number;
          "claimed_at"?: string | null;
          "conversation_id"?: string;
          "cost_micros"?: number;
          "created_at"?: string;
          "dispatched_at"?: string | null;
          "due_at"?: string | null;
          "failure_count"?: number;
          "finished_at"?: string | null;
          "id"?: string;
          "input_tokens"?: number;
          "last_error_code"?: string | null;
          "last_error_message"?: string | null;
          "lease_until"?: string | null;
          "output_tokens"?: number;
          "silent_reason"?: string | null;
          "state"?: string;
          "tells_of_account"?: boolean;
          "tool_call_count"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "cc_turns_conversation_id_fkey";
            columns: ["conversation_id"];
            isOneToOne: false;
            referencedRelation: "cc_conversations";
            referencedColumns: ["id"];
          },
        ];
      };
      "cc_verifications": {
        Row: {
          "asked_at": string;
          "challenge_id": string;
          "channel": string;
          "code_hash": string | null;
          "conversation_id": string;
          "earlier_hashes": (string)[];
          "expires_at": string;
          "parts": string | null;
          "parts_at": string | null;
          "parts_seq": number | null;
          "sent_at": string | null;
          "state": string;
          "target_hash": string;
          "verified_at": string | null;
          "verified_until": string | null;
          "wrong_count": number;
        };
        ComputedFields: never;
        Insert: {
          "asked_at"?: string;
          "challenge_id": string;
          "channel": string;
          "code_hash"?: string | null;
          "conversation_id": string;
          "earlier_hashes"?: (string)[];
          "expires_at": string;
          "parts"?: string | null;
          "parts_at"?: string | null;
          "parts_seq"?: number | null;
          "sent_at"?: string | null;
          "state": string;
          "target_hash": string;
          "verified_at"?: string | null;
          "verified_until"?: string | null;
          "wrong_count"?: number;
        };
        Update: {
          "asked_at"?: string;
          "challenge_id"?: string;
          "channel"?: string;
          "code_hash"?: string | null;
          "conversation_id"?: string;
          "earlier_hashes"?: (string)[];
          "expires_at"?: string;
          "parts"?: string | null;
          "parts_at"?: string | null;
          "parts_seq"?: number | null;
          "sent_at"?: string | null;
          "state"?: string;
          "target_hash"?: string;
          "verified_at"?: string | null;
          "verified_until"?: string | null;
          "wrong_count"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "cc_verifications_conversation_id_fkey";
            columns: ["conversation_id"];
            isOneToOne: true;
            referencedRelation: "cc_conversations";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      [_ in never]: never;
    };
    Functions: {
      "begin_sync": { Args: { "since"?: string }; Returns: Json };
      "begin_tool_call": {
        Args: { "arguments": Json; "attempt": number; "tool": string; "turn_id": string };
        Returns: Json;
      };
      "begin_verification": {
        Args: {
          "address": string;
          "again"?: boolean;
          "attempt": number;
          "channel": string;
          "turn_id": string;
        };
        Returns: Json;
      };
      "check_audit_anchor": { Args: { "heads": Json }; Returns: Json };
      "check_installation": {
        Args: { "alert_request_id"?: number; "probe_sid"?: string; "salt": string };
        Returns: Json;
      };
      "check_verification": { Args: { "attempt": number; "turn_id": string }; Returns: Json };
      "claim_file_deletions": { Args: { "maximum": number }; Returns: Json };
      "claim_media": { Args: { "maximum": number }; Returns: Json };
      "claim_send": { Args: { "conversation_id": string }; Returns: Json };
      "claim_stale_deliveries": { Args: { "maximum"?: number }; Returns: Json };
      "claim_turn": { Args: { "conversation_id": string }; Returns: Json };
      "close_conversation": { Args: { "conversation_id": string }; Returns: Json };
      "compare_messages": { Args: { "listed": Json }; Returns: Json };
      "complete_reading": {
        Args: {
          "business_address": string;
          "direction": string;
          "is_last": boolean;
          "read_from": string;
          "read_until": string;
        };
        Returns: Json;
      };
      "complete_turn": {
        Args: {
          "attempt": number;
          "hand_over_reason"?: string;
          "reply"?: (string)[];
          "silent_reason"?: string;
          "turn_id": string;
          "work"?: Json;
        };
        Returns: Json;
      };
      "count_customer_data": { Args: { "customer_id": string }; Returns: Json };
      "demo_bank_block_card": {
        Args: { "customer_id": string; "idempotency_key": string; "last_digits": string };
        Returns: Json;
      };
      "demo_bank_find_branches": { Args: { "place"?: string }; Returns: Json };
      "demo_bank_find_customer": { Args: { "phone": string }; Returns: Json };
      "demo_bank_list_accounts": { Args: { "customer_id": string }; Returns: Json };
      "demo_bank_list_transactions": {
        Args: { "account_id": string; "customer_id": string; "maximum": number };
        Returns: Json;
      };
      "demo_bank_open_case": {
        Args: {
          "customer_id"?: string;
          "description": string;
          "idempotency_key": string;
          "is_verified": boolean;
          "subject": string;
        };
        Returns: Json;
      };
      "dispatch_conversation": { Args: { "conversation_id": string }; Returns: Json };
      "erase_customer": { Args: { "customer_id": string; "maximum"?: number }; Returns: Json };
      "export_customer": {
        Args: { "after"?: string; "customer_id": string; "maximum"?: number };
        Returns: Json;
      };
      "fail_turn": {
        Args: {
          "attempt": number;
          "error_code": string;
          "error_message"?: string;
          "is_final"?: boolean;
          "turn_id": string;
          "work"?: Json;
        };
        Returns: Json;
      };
      "find_customer": { Args: { "address": string; "provider"?: string }; Returns: Json };
      "finish_tool_call": { Args: { "result": Json; "tool_call_id": string }; Returns: Json };
      "get_activity": { Args: { "since": string; "until"?: string }; Returns: Json };
      "get_conversation": {
        Args: { "conversation_id": string; "is_revealed"?: boolean };
        Returns: Json;
      };
      "get_health": { Args: Record<PropertyKey, never>; Returns: Json };
      "get_journey": {
        Args: { "is_revealed"?: boolean; "provider_message_id": string };
        Returns: Json;
      };
      "get_metrics": { Args: Record<PropertyKey, never>; Returns: Json };
      "hand_back": { Args: { "conversation_id": string }; Returns: Json };
      "hand_over": { Args: { "conversation_id": string; "reason"?: string }; Returns: Json };
      "ingest_inbound_message": {
        Args: {
          "body_json"?: Json;
          "body_text": string;
          "channel"?: string;
          "customer_name"?: string;
          "from_address": string;
          "inbound_at"?: string;
          "is_recovered"?: boolean;
          "other_addresses"?: (string)[];
          "provider"?: string;
          "provider_message_id": string;
          "signature"?: string;
          "to_address": string;
        };
        Returns: {
          "conversation_id": string;
          "is_new_message": boolean;
          "message_id": string;
        }[];
      };
      "list_alerts": { Args: Record<PropertyKey, never>; Returns: Json };
      "list_answers": { Args: Record<PropertyKey, never>; Returns: Json };
      "list_audit": {
        Args: { "before_id"?: number; "conversation_id": string; "maximum"?: number };
        Returns: Json;
      };
      "list_audit_heads": { Args: { "after"?: string; "maximum"?: number }; Returns: Json };
      "list_conversations": {
        Args: { "after"?: string; "is_revealed"?: boolean; "list"?: string; "maximum"?: number };
        Returns: Json;
      };
      "list_messages": {
        Args: {
          "before_seq"?: number;
          "conversation_id": string;
          "is_revealed"?: boolean;
          "maximum"?: number;
        };
        Returns: Json;
      };
      "list_uncertain_sends": { Args: { "maximum"?: number }; Returns: Json };
      "record_code": { Args: { "challenge_id": string; "error_code"?: string }; Returns: Json };
      "record_delivery_status": {
        Args: {
          "delivery_status": string;
          "error_code"?: string;
          "error_message"?: string;
          "is_refresh"?: boolean;
          "message_id"?: string;
          "provider"?: string;
          "provider_message_id": string;
          "signature"?: string;
        };
        Returns: Json;
      };
      "record_file_deletion": {
        Args: {
          "attempt": number;
          "deletion_id": string;
          "error_code"?: string;
          "outcome": string;
        };
        Returns: Json;
      };
      "record_media": {
        Args: {
          "attempt": number;
          "byte_size"?: number;
          "content_type"?: string;
          "error_code"?: string;
          "media_id": string;
          "outcome": string;
        };
        Returns: Json;
      };
      "record_probe": { Args: { "message_sid": string; "signature": string }; Returns: Json };
      "record_rejected_webhook": {
        Args: { "parameters": Json; "provider"?: string; "reason": string; "signature": string };
        Returns: {
          "is_new": boolean;
          "rejected_webhook_id": string;
        }[];
      };
      "record_send": {
        Args: {
          "attempt": number;
          "delivery_status"?: string;
          "error_code"?: string;
          "error_message"?: string;
          "message_id": string;
          "outcome": string;
          "provider_message_id"?: string;
        };
        Returns: Json;
      };
      "replay_turn": { Args: { "turn_id": string }; Returns: Json };
      "send_reply": {
        Args: { "conversation_id": string; "id": string; "parts": (string)[]; "up_to_seq": number };
        Returns: Json;
      };
      "send_test_alert": { Args: Record<PropertyKey, never>; Returns: Json };
      "settle_send": {
        Args: {
          "attempt": number;
          "listed": Json;
          "message_id": string;
          "read_started_at": string;
        };
        Returns: Json;
      };
      "take_over_message": {
        Args: {
          "body_json": Json;
          "body_text": string;
          "channel"?: string;
          "created_at": string;
          "delivery_status": string;
          "error_code"?: string;
          "from_address": string;
          "provider"?: string;
          "provider_message_id": string;
          "to_address": string;
        };
        Returns: Json;
      };
      "verify_audit_chain": {
        Args: { "conversation_id"?: string; "max_ms"?: number; "resume"?: string };
        Returns: Json;
      };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof (
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"]
    )
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals } ? (
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"]
  )[TableName] extends {
    Row: infer R;
  } ? R
  : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R;
    } ? R
    : never
  : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends
    {
      Insert: infer I;
    } ? I
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I;
    } ? I
    : never
  : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends
    {
      Update: infer U;
    } ? U
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U;
    } ? U
    : never
  : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][
    CompositeTypeName
  ]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never;

export const Constants = {
  "public": {
    Enums: {},
  },
} as const;
