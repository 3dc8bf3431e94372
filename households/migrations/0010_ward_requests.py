"""Questions between wards; who stands in two wards found by an index; on PostgreSQL the words that were mistyped for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Every word that households are found by, once. Read by households/search_words.py, made anew at night.
WORDS = """
CREATE MATERIALIZED VIEW IF NOT EXISTS households_word AS
SELECT DISTINCT word FROM households_household, unnest(string_to_array(search, ' ')) AS word WHERE word ~ '^[a-z]{2,30}$'
"""


def make_words(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:  # migration 0003 has said what to do
            return
        cursor.execute(WORDS)
        cursor.execute("CREATE UNIQUE INDEX IF NOT EXISTS households_word_once ON households_word (word)")
        cursor.execute("CREATE INDEX IF NOT EXISTS households_word_begin ON households_word (word text_pattern_ops)")


def drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP MATERIALIZED VIEW IF EXISTS households_word")


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0001_initial'),
        ('households', '0009_supports_in_full'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WardRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, choices=[('citizen_id', 'Số định danh'), ('old_id', 'Số CMND cũ'), ('insurance', 'Mã bảo hiểm')], max_length=10, verbose_name='số')),
                ('asked_at', models.DateTimeField(verbose_name='lúc hỏi')),
                ('told', models.TextField(editable=False)),
                ('state', models.CharField(choices=[('open', 'Chờ trả lời'), ('moved', 'Cả hộ đã chuyển đến nơi hỏi'), ('person_moved', 'Người này đã chuyển đến nơi hỏi'), ('mistake', 'Số ghi nhầm, đã gỡ'), ('different', 'Là người khác, số giữ nguyên'), ('free', 'Số không còn ở hộ nào của nơi được hỏi')], default='open', max_length=12, verbose_name='trả lời')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='lúc trả lời')),
            ],
            options={
                'verbose_name': 'yêu cầu đối chiếu',
                'verbose_name_plural': 'yêu cầu đối chiếu',
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(condition=models.Q(('left_on__isnull', True)), fields=['search_name', 'birth_year'], name='member_name_and_year'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người trả lời'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người hỏi'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='asked_from',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='nơi hỏi'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='asked_of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='nơi được hỏi'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='household',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='households.household', verbose_name='hộ được hỏi'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='households.member', verbose_name='người được hỏi'),
        ),
        migrations.AddField(
            model_name='wardrequest',
            name='ward',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='nơi ở được báo'),
        ),
        migrations.AddIndex(
            model_name='wardrequest',
            index=models.Index(fields=['asked_from', '-id'], name='ward_request_asked'),
        ),
        migrations.AddIndex(
            model_name='wardrequest',
            index=models.Index(fields=['state', 'household'], name='ward_request_waiting'),
        ),
        migrations.AddConstraint(
            model_name='wardrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('member', 'number', 'ward'), name='ward_request_waits_once', violation_error_message='Đã hỏi về người này, đang chờ trả lời.'),
        ),
        migrations.AddConstraint(
            model_name='wardrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='ward_request_answered_at'),
        ),
        migrations.AlterField(
            model_name='householdchange',
            name='kind',
            field=models.CharField(choices=[('moved_within', 'Chuyển chỗ ở trong thành phố'), ('moved_out', 'Chuyển khỏi thành phố'), ('split', 'Tách hộ'), ('merged', 'Nhập vào hộ khác'), ('died_out', 'Đóng hồ sơ: không còn thành viên'), ('head', 'Đổi chủ hộ'), ('left', 'Thành viên rời hộ'), ('joined', 'Thành viên vào hộ'), ('members', 'Sửa hộ: thành viên vào, rời hộ')], max_length=15, verbose_name='việc'),
        ),
        migrations.RunPython(make_words, drop_words),
    ]
