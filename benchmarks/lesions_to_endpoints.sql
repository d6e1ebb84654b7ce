-- The yardstick: RECIST 1.1 response, confirmed best response and FDA-style progression-free survival by hand.
create temp table responses as
with assessment as (
  select SUBJECT, ASMT,
         count(*) filter (ROLE = 'T') as TARGETS,
         count(*) filter (ROLE = 'T' and EVALUATED) as MEASURED,
         sum(SIZE) filter (ROLE = 'T')::bigint as AVAILABLE,
         count(*) filter (ROLE = 'T' and GONE) as VANISHED,
         count(*) filter (ROLE = 'T' and EVALUATED and not GONE and not MERGED) as SEEN,
         min(DAY) filter (ROLE = 'T' and EVALUATED) as TARGET_DAY,
         count(*) filter (ROLE = 'N') as NON_TARGETS,
         count(*) filter (ROLE = 'N' and EVALUATED) as NT_EVALUATED,
         count(*) filter (ROLE = 'N' and EVALUATED and not GONE) as NT_PRESENT,
         min(DAY) filter (ROLE = 'N' and EVALUATED and not GONE) as NT_PRESENT_DAY,
         min(DAY) filter (ROLE = 'N' and PROGRESSED) as NT_DAY,
         min(DAY) filter (ROLE = 'X' and PROGRESSED) as NEW_DAY,
         min(DAY) filter (ROLE = 'X' and REDATED) as REDATED_DAY,
         max(DAY) as LAST_DAY
  from lesions group by SUBJECT, ASMT
), expected as (
  select *,
         max(TARGETS) filter (ASMT = 0) over upto as N_T,
         max(NON_TARGETS) filter (ASMT = 0) over upto as N_N,
         max(AVAILABLE) filter (ASMT = 0 and MEASURED = TARGETS) over upto as BASE
  from assessment
  window upto as (partition by SUBJECT order by ASMT rows unbounded preceding)
), summed as (
  select *, min(case when N_T > 0 and MEASURED = N_T then AVAILABLE end) over (
           partition by SUBJECT order by ASMT rows between unbounded preceding and 1 preceding) as NADIR
  from expected
), judged as (
  select *,
         case when N_T = 0 then 'NA'
              when MEASURED = N_T and VANISHED = N_T then 'CR'
              when 5 * coalesce(AVAILABLE, 0) >= 6 * NADIR and coalesce(AVAILABLE, 0) - NADIR >= 500 then 'PD'
              when MEASURED = N_T and 10 * AVAILABLE <= 7 * BASE then 'PR'
              when MEASURED = N_T and BASE is not null then 'SD' else 'NE' end as TARGET,
         case when NT_DAY is not null then 'PD' when N_N = 0 then 'NA' when NT_EVALUATED < N_N then 'NE'
              when NT_PRESENT = 0 then 'CR' else 'NON-CR/NON-PD' end as NON_TARGET
  from summed where ASMT > 0
), called as (
  select *,
         case when TARGET = 'PD' or NON_TARGET = 'PD' or NEW_DAY is not null then 'PD'
              when TARGET = 'CR' and NON_TARGET in ('CR', 'NA') then 'CR'
              when TARGET in ('CR', 'PR') then 'PR' when TARGET in ('SD', 'NE') then TARGET
              when N_N > 0 then NON_TARGET else 'NED' end as CALL
  from judged
), after_cr as (
  select *,
         coalesce(max(ASMT) filter (CALL = 'CR') over before
                  = max(ASMT) filter (CALL <> 'NE' or SEEN > 0 or NT_PRESENT > 0) over before, false)
           and (SEEN > 0 or NT_PRESENT > 0) as BACK
  from called
  window before as (partition by SUBJECT order by ASMT rows between unbounded preceding and 1 preceding)
), final as (
  select SUBJECT, ASMT,
         case when BACK or REDATED_DAY is not null then 'PD' else CALL end as RESPONSE,
         LAST_DAY,
         least(NEW_DAY, REDATED_DAY, NT_DAY,
               case when TARGET = 'PD' or (BACK and SEEN > 0) then TARGET_DAY end,
               case when BACK and NT_PRESENT > 0 then NT_PRESENT_DAY end) as PD_DAY
  from after_cr
), dated as (
  select SUBJECT, ASMT, RESPONSE,
         case when RESPONSE = 'PD' then coalesce(PD_DAY, LAST_DAY) else LAST_DAY end as DAY,
         case RESPONSE when 'PD' then 0 when 'NON-CR/NON-PD' then 1 when 'SD' then 2 when 'PR' then 3
                       when 'CR' then 4 when 'NED' then 5 else 6 end as RANK
  from final
), ordered as (
  select SUBJECT, ASMT, RESPONSE, DAY,
         max(DAY) over prior as PREVIOUS_DAY,
         count(*) filter (RESPONSE = 'PD') over prior as PDS,
         count(*) over prior as IDX
  from dated
  window prior as (partition by SUBJECT order by DAY, RANK, ASMT rows between unbounded preceding and 1 preceding)
)
select SUBJECT, ASMT, RESPONSE, DAY, IDX, DEATH_DAY, NEW_THERAPY_DAY,
       NEW_THERAPY_DAY is null or DAY <= NEW_THERAPY_DAY as IN_TIME
from ordered join subjects using (SUBJECT)
where PDS = 0 and (PREVIOUS_DAY is null or PREVIOUS_DAY <> DAY);

create temp table confirmed as
with counted as (
  select SUBJECT, IDX, DAY, RESPONSE,
         count(*) filter (RESPONSE = 'NE') over sofar as NES,
         count(*) filter (RESPONSE = 'SD') over sofar as SDS,
         count(*) filter (RESPONSE = 'PR') over sofar as PRS,
         count(*) filter (RESPONSE not in ('CR', 'PR', 'SD', 'NE')) over sofar as OTHERS
  from responses
  where IN_TIME and SUBJECT in (select SUBJECT from responses where IN_TIME and RESPONSE in ('CR', 'PR'))
  window sofar as (partition by SUBJECT order by IDX rows unbounded preceding)
), marked as (
  select *, min(PRS) filter (RESPONSE = 'CR') over (
           partition by SUBJECT order by IDX rows between 1 following and unbounded following) as PRS_NEXT
  from counted
)
select a.SUBJECT,
       min(a.DAY) filter (a.RESPONSE = 'CR' and b.RESPONSE = 'CR' and b.PRS = a.PRS and b.SDS = a.SDS) as CR_DAY,
       min(a.DAY) filter (a.RESPONSE = 'PR' and b.SDS = a.SDS and coalesce(b.PRS <= a.PRS_NEXT, true)) as PR_DAY
from marked a join marked b
  on a.SUBJECT = b.SUBJECT and a.IDX < b.IDX and b.DAY - a.DAY >= 28
 and a.RESPONSE in ('CR', 'PR') and b.RESPONSE in ('CR', 'PR') and b.NES - a.NES <= 1 and a.OTHERS = b.OTHERS
group by a.SUBJECT;

with seen as (
  select SUBJECT,
         count(*) filter (IN_TIME and RESPONSE = 'CR') as CRS,
         count(*) filter (IN_TIME and RESPONSE = 'PR') as PRS,
         count(*) filter (IN_TIME and RESPONSE = 'SD' and DAY >= 49) as SDS,
         count(*) filter (IN_TIME and RESPONSE in ('CR', 'PR', 'SD') and DAY >= 49) as CONTROL,
         count(*) filter (IN_TIME and RESPONSE = 'NON-CR/NON-PD' and DAY >= 49) as NONS,
         count(*) filter (IN_TIME and RESPONSE = 'PD') as PDS,
         count(*) filter (IN_TIME and RESPONSE = 'NED') as NEDS,
         min(DAY) filter (RESPONSE = 'PD') as PD_DAY,
         max(DAY) filter (RESPONSE not in ('NE', 'PD') and (DEATH_DAY is null or DAY <= DEATH_DAY)) as LAST_DAY,
         max(DAY) filter (RESPONSE not in ('NE', 'PD') and (DEATH_DAY is null or DAY <= DEATH_DAY)
                          and DAY <= NEW_THERAPY_DAY) as LAST_TO_STOP
  from responses group by SUBJECT
), timed as (
  select s.SUBJECT, s.DEATH_DAY, s.NEW_THERAPY_DAY, seen.* exclude (SUBJECT),
         least(PD_DAY, DEATH_DAY) as EVENT_DAY, coalesce(LAST_DAY, 0) as LAST, c.CR_DAY, c.PR_DAY
  from subjects s left join seen using (SUBJECT) left join confirmed c using (SUBJECT)
), limited as (
  select *, case when LAST <= 336 then (LAST + 27) // 56 else 6 + (LAST - 336 + 41) // 84 end + 2 as NEXT
  from timed
), decided as (
  select *,
         coalesce(NEW_THERAPY_DAY < EVENT_DAY, NEW_THERAPY_DAY is not null) as STOPPED,
         coalesce(EVENT_DAY > case when NEXT <= 6 then 56 * NEXT else 336 + 84 * (NEXT - 6) end + 7, false) as MISSED
  from limited
)
select SUBJECT,
       case when CRS > 0 then 'CR' when PRS > 0 then 'PR' when SDS > 0 then 'SD' when NONS > 0 then 'NON-CR/NON-PD'
            when PDS > 0 then 'PD' when NEDS > 0 then 'NED' else 'NE' end as BOR,
       case when CR_DAY is not null then 'CR' when PR_DAY is not null then 'PR' when CONTROL > 0 then 'SD'
            when NONS > 0 then 'NON-CR/NON-PD' when PDS > 0 then 'PD' when NEDS > 0 then 'NED' else 'NE' end as CBOR,
       case when STOPPED then coalesce(LAST_TO_STOP, 0) when EVENT_DAY is not null and not MISSED then EVENT_DAY
            else LAST end as PFSDAY,
       case when STOPPED then 5 when EVENT_DAY is not null and not MISSED then 0 when LAST_DAY is null then 3
            when EVENT_DAY is not null then 4 else 1 end as CNSR
from decided
